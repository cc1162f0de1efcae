package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.BAD;
import static io.blockroom.adapters.websocket.codec.Messages.blocks;
import static io.blockroom.adapters.websocket.codec.Messages.commit;
import static io.blockroom.adapters.websocket.codec.Messages.commitOf;
import static io.blockroom.adapters.websocket.codec.Messages.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A11: the blocks that events name, in the JSON that Blockly 10 to 13 writes. */
class TouchedBlocksTest {
  static Stream<Arguments> events() {
    return Stream.of(
        // create: a shadow behind a block is in the json, not among the ids
        Arguments.of(
            """
            {"type":"create","group":"Ru3eRWQ)HM{pp5sf28G$","blockId":"A","ids":["A","N1","B"],"json":{"type":"t_stack","id":"A","x":0,"y":0,"fields":{"TXT":"x"},"inputs":{"V":{"shadow":{"type":"math_number","id":"SH","fields":{"NUM":1}},"block":{"type":"math_number","id":"N1","fields":{"NUM":0}}}},"next":{"block":{"type":"t_stack","id":"B","fields":{"TXT":"x"}}}}}\
            """,
            "A N1 B"),
        Arguments.of(
            """
            {"type":"create","group":"","blockId":"C:{x}","xml":"<block xmlns=\\"https://developers.google.com/blockly/xml\\" type=\\"t_stack\\" id=\\"C:{x}\\" x=\\"0\\" y=\\"0\\"></block>","ids":["C:{x}"],"json":{"type":"t_stack","id":"C:{x}","x":0,"y":0}}\
            """,
            "C:{x}"),
        Arguments.of(
            """
            {"type":"delete","group":"","blockId":"A","ids":["A","N1","B"],"wasShadow":false,"oldJson":{"type":"t_stack","id":"A","inputs":{"V":{"block":{"type":"math_number","id":"N1"}}},"next":{"block":{"type":"t_stack","id":"B"}}}}\
            """,
            "A N1 B"),
        // move: from one parent to another
        Arguments.of(
            """
            {"type":"move","group":"g","blockId":"C:{x}","oldCoordinate":"0, 0","newParentId":"B","reason":["connect"]}\
            """,
            "C:{x} B"),
        Arguments.of(
            """
            {"type":"move","group":"g","blockId":"C:{x}","oldParentId":"B","newCoordinate":"0, 0","reason":["disconnect"]}\
            """,
            "C:{x} B"),
        Arguments.of(
            """
            {"type":"move","group":"g","blockId":"C","oldParentId":"A","oldInputName":"V","newParentId":"B","newInputName":"V"}\
            """,
            "C A B"),
        // change: of a field, a comment on a block, its look
        Arguments.of(
            """
            {"type":"change","group":"h","blockId":"C:{x}","element":"field","name":"TXT","oldValue":"x","newValue":"hello"}\
            """,
            "C:{x}"),
        Arguments.of(
            """
            {"type":"change","group":"","blockId":"C","element":"comment","oldValue":null,"newValue":"cmt"}\
            """,
            "C"),
        Arguments.of(
            """
            {"type":"change","group":"","blockId":"C","element":"collapsed","oldValue":false,"newValue":true}\
            """,
            "C"),
        Arguments.of(
            """
            {"type":"block_field_intermediate_change","group":"","blockId":"C","name":"TXT","oldValue":"a","newValue":"b"}\
            """,
            "C"),
        // comments of the workspace
        Arguments.of(
            """
            {"type":"comment_create","group":"","commentId":"CMT","json":{"height":100,"width":120,"id":"CMT","x":0,"y":0}}\
            """,
            "CMT"),
        Arguments.of(
            """
            {"type":"comment_create","group":"","commentId":"CMT","xml":"<comment id=\\"CMT\\" x=\\"0\\" y=\\"0\\" h=\\"100\\" w=\\"100\\">hi</comment>"}\
            """,
            "CMT"),
        Arguments.of(
            """
            {"type":"comment_change","group":"","commentId":"CMT","oldContents":"a","newContents":"b"}\
            """,
            "CMT"),
        Arguments.of(
            """
            {"type":"comment_move","group":"","commentId":"CMT","oldCoordinate":"0, 0","newCoordinate":"1,2"}\
            """,
            "CMT"),
        Arguments.of(
            """
            {"type":"comment_collapse","group":"","commentId":"CMT","newCollapsed":true}\
            """,
            "CMT"),
        Arguments.of(
            """
            {"type":"comment_resize","group":"","commentId":"CMT","oldWidth":120,"oldHeight":100,"newWidth":200,"newHeight":200}\
            """,
            "CMT"),
        Arguments.of(
            """
            {"type":"comment_delete","group":"","commentId":"CMT","json":{"height":200,"width":200,"id":"CMT","x":1,"y":2,"text":"hi","collapsed":true}}\
            """,
            "CMT"),
        // variables are no blocks
        Arguments.of(
            """
            {"type":"var_create","group":"","varId":"VID","varType":"","varName":"v"}\
            """,
            ""),
        Arguments.of(
            """
            {"type":"var_rename","group":"=K^q","varId":"VID","oldName":"v","newName":"w"}\
            """,
            ""),
        Arguments.of(
            """
            {"type":"var_delete","group":"","varId":"VID","varType":"","varName":"w"}\
            """,
            ""),
        // what only shows: a selection names elements and edits none
        Arguments.of(
            """
            {"type":"selected","group":"","oldElementId":"A","newElementId":"B"}\
            """,
            ""),
        Arguments.of(
            """
            {"type":"viewport_change","group":"","viewTop":1,"viewLeft":2,"scale":1,"oldScale":1}\
            """,
            ""),
        Arguments.of(
            """
            {"type":"finished_loading","group":""}\
            """,
            ""),
        Arguments.of(
            """
            {"type":"bubble_open","group":"","isOpen":true,"bubbleType":"comment","blockId":""}\
            """,
            ""),
        Arguments.of(
            """
            {"type":"click","group":"","targetType":"workspace","blockId":null}\
            """,
            ""),
        Arguments.of(
            """
            {"type":"comment_drag","group":"","isStart":true,"commentId":"CMT"}\
            """,
            "CMT"),
        // no type of Blockly's, or none at all
        Arguments.of(
            """
            {"type":"my_own","ids":["X","Y"],"blockId":"Z","oldParentId":null}\
            """,
            "X Y Z"),
        Arguments.of(
            """
            {"ids":["X"],"json":{"blockId":"inner","ids":["inner"],"commentId":5}}\
            """,
            "X"),
        Arguments.of(
            """
            {}\
            """,
            ""));
  }

  @ParameterizedTest
  @MethodSource("events")
  void A11_an_event_touches_the_blocks_it_names(String event, String touched) {
    String events = "[" + event + "]";

    EditEvents read = commit(commitOf(events)).events();

    assertThat(read.touched())
        .isEqualTo(touched.isEmpty() ? Set.<BlockId>of() : blocks(touched.split(" ")));
    assertThat(read.json()).isEqualTo(events);
    assertThat(read.isEmpty()).isFalse();
  }

  @Test
  void A11_a_commit_touches_the_blocks_of_all_its_events() {
    String events =
        "[{\"type\":\"create\",\"ids\":[\"a\",\"b\"]},{\"type\":\"unheard_of\",\"blockId\":\"c\"},"
            + "{\"type\":\"move\",\"blockId\":\"a\",\"newParentId\":\"d\"},{\"ids\":[]}]";

    assertThat(commit(commitOf(events)).events().touched())
        .containsExactly(new BlockId("a"), new BlockId("b"), new BlockId("c"), new BlockId("d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[ ]", "[\n]"})
  void an_empty_array_edits_nothing(String events) {
    EditEvents read = commit(commitOf(events)).events();

    assertThat(read.isEmpty()).isTrue();
    assertThat(read.json()).isEqualTo(events);
  }

  @ParameterizedTest
  @ValueSource(strings = {"blockId", "newParentId", "oldParentId", "commentId"})
  void A11_an_ill_formed_id_in_an_event_is_refused(String field) {
    for (String value :
        new String[] {
          "5",
          "true",
          "{}",
          "[]",
          "[\"a\"]",
          "\"\\n\"",
          "\"a\\u0085\"",
          "\"" + "x".repeat(129) + "\""
        }) {
      assertThat(read(commitOf("[{\"" + field + "\":" + value + "}]"))).as(value).isEqualTo(BAD);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "\"a\"", "{}", "true", "[5]", "[null]", "[[\"a\"]]", "[\"\"]"})
  void A11_ill_formed_ids_in_an_event_are_refused(String value) {
    assertThat(read(commitOf("[{\"ids\":" + value + "}]"))).isEqualTo(BAD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'create','blockId':'A','ids':['A','B']} | A B",
        "{'ids':['A','B'],'blockId':'A','type':'create'} | A B",
        "{'type':'create','blockId':'A'} | A",
        "{'type':'create','blockId':'A','ids':[]} | A",
        "{'type':'create','blockId':'A','ids':null} | A",
        "{'blockId':'A','ty\\u0070e':'cre\\u0061te'} | A",
        "{'type':'create'} | ''",
        "{'type':'create','blockId':''} | ''",
        "{'type':'create','ids':['A'],'newParentId':'P'} | A",
        "{'type':'delete','ids':['A']} | ''",
        "{'type':'comment_create','commentId':'A'} | ''",
        "{'type':['create'],'ids':['A']} | ''",
        "{'type':{'type':'create'},'ids':['A']} | ''",
        "{'type':5,'ids':['A']} | ''",
        "{'ids':['A']} | ''",
        "{'type':'move','blockId':'A','json':{'type':'create','ids':['A']}} | ''",
      })
  void an_event_of_the_type_create_creates_the_blocks_it_names(String event, String created) {
    EditEvents read = commit(commitOf("[" + event.replace('\'', '"') + "]")).events();

    assertThat(read.created())
        .isEqualTo(created.isEmpty() ? Set.<BlockId>of() : blocks(created.split(" ")));
    assertThat(read.touched()).containsAll(read.created());
  }

  @Test
  void a_commit_creates_the_blocks_of_all_its_create_events() {
    String events =
        "[{\"type\":\"create\",\"ids\":[\"a\",\"b\"]},{\"type\":\"move\",\"blockId\":\"c\"},"
            + "{\"blockId\":\"d\",\"type\":\"create\"}]";

    assertThat(commit(commitOf(events)).events().created()).isEqualTo(blocks("a", "b", "d"));
  }
}
