package io.blockroom.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import java.beans.XMLDecoder;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.validation.SchemaFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;

/** Which technology may be seen where. */
interface TechnologyRules extends ArchitectureRules {
  /** What makes an XML parser. */
  List<Class<?>> XML_FACTORIES =
      List.of(
          DocumentBuilderFactory.class,
          SAXParserFactory.class,
          XMLInputFactory.class,
          TransformerFactory.class,
          SchemaFactory.class,
          XPathFactory.class,
          XMLDecoder.class);

  /** The one class that may use them: it forbids document types and what they bring. */
  String XML_HOME = ".adapters.websocket.codec.HardenedXml";

  /** What reads JSON: the methods of {@code jakarta.json.Json} that do. */
  Set<String> JSON_READERS =
      Set.of("createParser", "createParserFactory", "createReader", "createReaderFactory");

  /** What reads JSON: a whole type. */
  String JSON_PROVIDER = "jakarta.json.spi.JsonProvider";

  /** The one class that may use them: it bounds length, depth and numbers. */
  String JSON_HOME = ".adapters.websocket.codec.HardenedJson";

  @Test
  default void helidons_web_api_stays_at_the_edge() {
    judge(
        stays(
                Set.of("io.helidon.webserver..", "io.helidon.websocket..", "io.helidon.http.."),
                code().websocket())
            .because("nothing behind the edge may care how a request came in"),
        "LocksThatServeHttp",
        "LocksThatListenToFrames",
        "LocksThatReadHeaders");
  }

  @Test
  default void redisson_stays_in_its_adapter() {
    judge(
        stays(Set.of("org.redisson.."), code().redis())
            .because("only one adapter may know what Redis offers"),
        "StoreThatCaches");
  }

  @Test
  default void sql_stays_in_its_adapter() {
    judge(
        stays(
                Set.of(
                    "java.sql..",
                    "javax.sql..",
                    "io.helidon.dbclient..",
                    "org.postgresql..",
                    "com.zaxxer.hikari..",
                    "org.flywaydb.."),
                code().postgres())
            .because("only one adapter may know how things are stored"),
        "LocksThatAskSql",
        "LocksThatAskDbClient",
        "LocksThatAskDataSources",
        "LocksThatOpenAPool",
        "LocksThatMigrate",
        "LocksThatNameTheDriver");
  }

  @Test
  default void xml_is_parsed_by_the_hardened_parser_only() {
    judge(
        ArchitectureRules.noClassShouldAccess("an XML parser factory", this::makesXmlParser)
            .because("a parser as it comes reads local files for whoever sends the document"),
        "ConnectionThatParsesXml",
        "CodecThatParsesXml");
  }

  @Test
  default void json_is_read_by_the_hardened_parser_only() {
    judge(
        ArchitectureRules.noClassShouldAccess("a JSON parser", this::makesJsonParser)
            .because("a parser as it comes lets a message decide how deep and how long it is"),
        "ConnectionThatReadsJson",
        "ConnectionThatBindsJson",
        "CodecThatReadsJson",
        "LocksThatReadJson");
  }

  private ArchRule stays(Set<String> technology, String home) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(home, code().bootstrap())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(technology.toArray(String[]::new));
  }

  private boolean makesXmlParser(JavaAccess<?> access) {
    return XML_FACTORIES.stream().anyMatch(access.getTargetOwner()::isEquivalentTo)
        && (access.getName().startsWith("new") || access.getName().equals("<init>"))
        && !access.getOriginOwner().getName().equals(code().root() + XML_HOME);
  }

  private boolean makesJsonParser(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    boolean makes =
        owner.equals(JSON_PROVIDER)
            || (owner.equals("jakarta.json.bind.Jsonb") && access.getName().equals("fromJson"))
            || (owner.equals("jakarta.json.Json") && JSON_READERS.contains(access.getName()));
    return makes && !access.getOriginOwner().getName().equals(code().root() + JSON_HOME);
  }
}
