package io.blockroom.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What the poms name and what docs/dependencies.md gives reasons for are the same. */
class DependencyNotesTest {
  private static final Pattern NOTE = Pattern.compile("(?m)^\\| `([^`]+)` \\| \\S");

  /** Libraries, plugins, and the compiler's own plugins. */
  private static final Set<String> NAMING = Set.of("dependency", "plugin", "path");

  @Test
  void every_dependency_and_plugin_has_a_reason() throws Exception {
    assertThat(named()).isSubsetOf(noted());
  }

  @Test
  void no_reason_outlives_its_dependency() throws Exception {
    assertThat(noted()).isSubsetOf(named());
  }

  /** Holes in what is not there cannot be reached. */
  @Test
  void of_helidons_web_server_only_http_1_and_websocket_are_on_the_class_path() {
    String[] classPath = System.getProperty("java.class.path", "").split(File.pathSeparator);

    assertThat(classPath)
        .anyMatch(entry -> entry.contains("helidon-webserver-websocket"))
        .noneMatch(entry -> entry.contains("helidon-webserver-http2"))
        .noneMatch(entry -> entry.contains("helidon-http-http2"))
        .noneMatch(entry -> entry.contains("helidon-http-media-multipart"))
        .noneMatch(entry -> entry.contains("oidc"));
  }

  private static Set<String> noted() throws IOException {
    String notes = Files.readString(Code.PROJECT.resolve("docs/dependencies.md"));
    return NOTE.matcher(notes).results().map(row -> row.group(1)).collect(Collectors.toSet());
  }

  private static Set<String> named() throws Exception {
    try (Stream<Path> poms = Files.find(Code.PROJECT, 2, (path, attributes) -> isPom(path))) {
      return poms.map(DependencyNotesTest::parsed)
          .flatMap(pom -> NAMING.stream().flatMap(tag -> elements(pom.getElementsByTagName(tag))))
          .filter(named -> !text(named, "groupId").equals("io.blockroom"))
          .map(named -> text(named, "artifactId").replaceFirst("-\\$\\{.*}$", ""))
          .collect(Collectors.toSet());
    }
  }

  private static boolean isPom(Path path) {
    return path.endsWith("pom.xml");
  }

  private static Document parsed(Path pom) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      return factory.newDocumentBuilder().parse(pom.toFile());
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("cannot read " + pom, e);
    }
  }

  private static Stream<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).map(Element.class::cast);
  }

  /**
   * The text of the first child of that name; empty if there is none, as groupId of Maven's own.
   */
  private static String text(Element parent, String name) {
    return elements(parent.getElementsByTagName(name))
        .findFirst()
        .map(Element::getTextContent)
        .orElse("");
  }
}
