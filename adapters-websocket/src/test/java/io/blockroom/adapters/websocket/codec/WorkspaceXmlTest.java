package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.BAD;
import static io.blockroom.adapters.websocket.codec.Messages.TOO_LARGE;
import static io.blockroom.adapters.websocket.codec.Messages.chainOfXml;
import static io.blockroom.adapters.websocket.codec.Messages.commit;
import static io.blockroom.adapters.websocket.codec.Messages.commitWith;
import static io.blockroom.adapters.websocket.codec.Messages.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.commit.WorkspaceXml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A08: workspaces that no client should load. */
class WorkspaceXmlTest {
  private static final String BLOCKLY = "https://developers.google.com/blockly/xml";

  @ParameterizedTest
  @ValueSource(
      strings = {
        // not well-formed
        " ",
        "text",
        "<",
        "<xml",
        "<xml>",
        "<xml></XML>",
        "<xml/>x",
        "<xml/><xml/>",
        "<xml><block></xml>",
        "<xml a=1/>",
        "<xml a=\"1\" a=\"2\"/>",
        "<xml a=\"<\"/>",
        "<xml>&</xml>",
        "<xml>&#0;</xml>",
        "<xml>&#x1;</xml>",
        "<xml>\u0001</xml>",
        "<xml>\uFFFF</xml>",
        "<xml>&#xD800;</xml>",
        "<xml><!-- -- --></xml>",
        "<xml>]]></xml>",
        "<xml>&nbsp;</xml>",
        "\uFEFF<xml/>",
        "<?xml version=\"1.1\"?><xml>&#1;</xml>",
        "<?xml version=\"1.1\"?><xml/>",
        // document types and entities
        "<!DOCTYPE xml><xml/>",
        "<!DOCTYPE xml []><xml/>",
        "<!DOCTYPE xml SYSTEM \"http://127.0.0.1:1/x\"><xml/>",
        "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml>&a;</xml>",
        "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml x=\"&a;\"/>",
        "<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml>&a;</xml>",
        "<!DOCTYPE xml [<!ENTITY % p SYSTEM \"file:///etc/passwd\">%p;]><xml/>",
        "<xml><!DOCTYPE x></xml>",
        "<xml>&a;</xml>",
        // processing instructions
        "<?go?><xml/>",
        "<?xml-stylesheet href=\"x\"?><xml/>",
        "<xml><?go now?></xml>",
        "<xml/><?go?>",
        // another root or namespace
        "<block/>",
        "<XML/>",
        "<html><xml/></html>",
        "<xml xmlns=\"http://www.w3.org/1999/xhtml\"/>",
        "<xml xmlns=\"https://developers.google.com/blockly/XML\"/>",
        "<xml xmlns=\"javascript:x\"/>",
        "<xml><svg xmlns=\"http://www.w3.org/2000/svg\"/></xml>",
        "<xml xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:img/></xml>",
        "<xml xmlns:x=\"http://www.w3.org/1999/xlink\" x:href=\"y\"/>",
        "<b:xml xmlns:b=\"https://developers.google.com/blockly/xml\"/>",
        "<xml><h:img/></xml>",
        // scripts
        "<xml><script/></xml>",
        "<xml><block><SCRIPT>x</SCRIPT></block></xml>",
        "<xml><block onload=\"x\"/></xml>",
        "<xml><block ONCLICK=\"x\"/></xml>",
        "<xml><block onanything=\"\"/></xml>",
        "<xml><field name=\"javascript:x\"/></xml>",
        "<xml><field name=\" JavaScript:x\"/></xml>",
        "<xml><field name=\"java&#10;script&#9;:x\"/></xml>",
        "<xml><field name=\"java\nscript :x\"/></xml>",
        "<xml><field name=\"&#x6a;avascript&#58;x\"/></xml>",
        "<xml><field name=\"a:b url(javascript:x)\"/></xml>",
        "<xml><field name=\"j\u200bavascript:x\"/></xml>",
      })
  void A08_a_harmful_workspace_refuses_the_whole_commit(String xml) {
    assertThat(read(commitWith(xml))).isEqualTo(BAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<xml/>",
        "<xml></xml>",
        "<xml xmlns=\"\"/>",
        "<xml xmlns=\"" + BLOCKLY + "\"/>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml/>\n",
        "<!-- a --><xml><!-- b --></xml>",
        "<xml><![CDATA[<script>]]></xml>",
        "<xml><block type=\"text\" id=\":{a}*?[]\"><field name=\"TEXT\">javascript:alert(1) "
            + "&lt;script&gt; &amp; &quot;가&#x1F600;</field></block></xml>",
        "<xml><block type=\"x\"><mutation items=\"3\"><arg name=\"n\"/></mutation></block></xml>",
        "<xml><block type=\"x\"><mutation xmlns=\"" + BLOCKLY + "\" a=\"1\"/></block></xml>",
        "<xml><my-own anything=\"javascript\" style=\"a: b\" icon=\"x:javascript\"/></xml>",
        "<xml><comment pinned=\"false\" h=\"80\" w=\"160\">on load</comment></xml>",
        "<xml><variables><variable id=\"V:1\">once</variable></variables></xml>",
        "<xml><block xml:lang=\"ko\"/></xml>",
      })
  void A08_a_harmless_workspace_passes_as_it_is(String xml) {
    assertThat(commit(commitWith(xml)).workspace()).contains(new WorkspaceXml(xml));
  }

  @Test
  void A08_a_chain_of_1000_blocks_passes() {
    assertThat(read(commitWith(chainOfXml(1000)))).isInstanceOf(Understood.class);
    assertThat(read(commitWith(chainOfXml(2000)))).isInstanceOf(Understood.class);
    assertThat(read(commitWith(chainOfXml(3000)))).as("too deep").isEqualTo(BAD);
  }

  @Test
  void A08_a_workspace_has_at_most_5000_blocks() {
    assertThat(read(commitWith(flat("<block/>".repeat(5000))))).isInstanceOf(Understood.class);
    assertThat(read(commitWith(flat("<block/>".repeat(5001))))).isEqualTo(TOO_LARGE);
    assertThat(read(commitWith(flat("<block/>".repeat(5000) + "<shadow/>")))).isEqualTo(TOO_LARGE);
    assertThat(read(commitWith(flat("<field/>".repeat(10_000))))).isInstanceOf(Understood.class);
  }

  @Test
  void A08_a_workspace_has_at_most_512_Ki_characters() {
    assertThat(read(commitWith(flat("x".repeat(512 * 1024 - 11))))).isInstanceOf(Understood.class);
    assertThat(read(commitWith(flat("x".repeat(512 * 1024 - 10))))).isEqualTo(TOO_LARGE);
    assertThat(read(commitWith("x".repeat(512 * 1024 + 1)))).isEqualTo(TOO_LARGE);
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a fetch would never end
  void A08_nothing_is_fetched(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.dtd"), "<!ENTITY s 'x'>");
    try (ServerSocket trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + trap.getLocalPort() + "/";
      for (String target : new String[] {url, secret.toUri().toString()}) {
        assertThat(read(commitWith("<!DOCTYPE xml SYSTEM \"" + target + "\"><xml>&s;</xml>")))
            .isEqualTo(BAD);
        assertThat(
                read(
                    commitWith(
                        "<!DOCTYPE xml [<!ENTITY % p SYSTEM \"" + target + "\">%p;]><xml/>")))
            .isEqualTo(BAD);
        assertThat(
                read(
                    commitWith(
                        "<!DOCTYPE xml [<!ENTITY s SYSTEM \""
                            + target
                            + "\">]><xml a=\"&s;\">&s;</xml>")))
            .isEqualTo(BAD);
      }
      trap.setSoTimeout(100);
      Assertions.assertThatThrownBy(
              () -> {
                try (Socket visitor = trap.accept()) {
                  assertThat(visitor).as("a visitor").isNull();
                }
              })
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a>",
        "<a xmlns=\"\">",
        "<a b=\"::::::::::::::::::::::::::::::::::::::::::::::::::::::::\">",
        "&lt;",
        "<!-- -->",
        "\n",
        "]]",
        "<a/>",
      })
  void A08_a_large_workspace_costs_little_whatever_it_is_made_of(String piece) {
    String xml = "<xml>" + piece.repeat(400 * 1024 / piece.length());
    String inAttributes = "<xml" + " a=\"\"".repeat(80_000);
    String prefixes = "<xml" + (" xmlns:a=\"" + BLOCKLY + "\"").repeat(9_000) + ">";

    Duration cost =
        CpuTime.of(() -> {
          assertThat(read(commitWith(xml))).isEqualTo(BAD);
          assertThat(read(commitWith(inAttributes))).isEqualTo(BAD);
          assertThat(read(commitWith(prefixes))).isEqualTo(BAD);
        });

    assertThat(cost).isLessThan(Duration.ofSeconds(1));
  }

  private static String flat(String content) {
    return "<xml>" + content + "</xml>";
  }
}
