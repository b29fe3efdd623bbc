package dev.docket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.document.TargetType;
import dev.docket.task.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DANE's workers pass the fields to constructors, so the set of fields must be exact. */
final class MessageBodyTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void hasExactlyDanesFields() throws IOException {
    Task task = SampleTasks.task("docket", "ASR", TargetType.VIDEO, 4, Map.of("language", "nl"));

    JsonNode body = JSON.readTree(MessageBody.bytes(task));

    assertThat(body)
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "task": {
                    "key": "ASR",
                    "_id": "%s",
                    "state": 201,
                    "msg": "",
                    "created_at": "2026-03-01T12:34:56",
                    "updated_at": "2026-03-01T12:34:56",
                    "priority": 4,
                    "args": {"language": "nl"}
                  },
                  "document": {
                    "_id": "%s",
                    "target": {
                      "id": "reel 7",
                      "url": "http://archive/reel%%207",
                      "type": "Video",
                      "collection": "newsreels"
                    },
                    "creator": {
                      "id": "the archive",
                      "type": "Organization",
                      "name": "The Archive",
                      "city": "Delft"
                    },
                    "created_at": "2026-03-01T12:34:56",
                    "updated_at": "2026-03-01T12:35:56"
                  }
                }
                """
                    .formatted(task.id(), task.spec().document().id())));
  }

  @Test
  void omitsArgsIfThereAreNone() throws IOException {
    JsonNode body = JSON.readTree(MessageBody.bytes(SampleTasks.task("docket", "ASR")));

    assertThat(names(body.get("task")))
        .containsExactlyInAnyOrder(
            "key", "_id", "state", "msg", "created_at", "updated_at", "priority");
  }

  @Test
  void keepsArgumentsUnchanged() throws IOException {
    Map<String, Object> args = new LinkedHashMap<>();
    args.put("text", "größer als 日本 \uD83C\uDFA5");
    args.put("nothing", null);
    args.put("deep", Map.of("list", Arrays.asList(1, null, 2.5)));

    JsonNode body =
        JSON.readTree(
            MessageBody.bytes(SampleTasks.task("docket", "ASR", TargetType.VIDEO, 4, args)));

    assertThat(body.at("/task/args")).isEqualTo(JSON.valueToTree(args));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
