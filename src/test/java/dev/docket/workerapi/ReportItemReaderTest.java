package dev.docket.workerapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.document.DocumentId;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.server.HttpJson;
import dev.docket.wire.ReportItem;
import dev.docket.workers.MemoryWorkerStore;
import dev.docket.workers.WorkerRegistry;
import io.dropwizard.jersey.validation.Validators;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReportItemReaderTest {

  private static final String RUN = "'worker':'w','task':'t','attempt':1,'run':'r','claim_id':'c',";

  private final ObjectMapper mapper = HttpJson.mapper();
  private final ReportItemReader reader =
      new ReportItemReader(new RequestBodyReader(mapper, Validators.newValidator()));

  private JsonNode json(String text) throws JsonProcessingException {
    return mapper.readTree(text.replace('\'', '"'));
  }

  /** Reads an item, and processes it as far as that needs no task. */
  private void process(JsonNode json) {
    ReportItem item = reader.read(json);
    if (item instanceof ReportItem.Hello hello) {
      new WorkerRegistry(new MemoryWorkerStore(), Clock.systemUTC())
          .onHello(Caller.ANONYMOUS, hello);
    } else if (item instanceof ReportItem.Log log) {
      LogReports.lines(log);
    } else if (item instanceof ReportItem.OfTask ofTask) {
      ReportCommands.of(ofTask, Caller.ANONYMOUS, DocumentId.fromString("d"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'hello','worker':'w','host':'h','version':'1','keys':['A'],'types':['Text'],"
            + "'concurrency':1,'running':0}",
        "{'type':'claim'," + RUN + "'x':1}",
        "{'type':'progress'," + RUN + "'progress':1,'stage':'s','message':'m'}",
        "{'type':'give_back'," + RUN + "'message':'m'}",
        "{'type':'log','worker':'w','task':'t','attempt':1,'run':'r','level':'INFO','message':'m'}",
        "{'type':'log',"
            + RUN
            + "'first':0,'lines':[{'at':'2026-03-01T12:00:00Z','level':'INFO','message':'m'}]}",
        "{'type':'complete'," + RUN + "'state':412,'dependencies':[{'key':'A','args':{'a':1}}]}",
        "{'type':'complete',"
            + RUN
            + "'state':200,'results':[{'payload':1,'generator':{'id':'i','name':'n'}}]}"
      })
  void readsOrRejectsEachFieldThatIsMissingOrNull(String text) throws Exception {
    ObjectNode item = (ObjectNode) json(text);
    item.remove("x");
    process(item);
    for (Consumer<ArrayNode> odd :
        List.<Consumer<ArrayNode>>of(
            ArrayNode::addNull,
            places -> places.addArray().addNull(),
            places -> places.addObject().putNull("a"),
            ArrayNode::addObject,
            places -> {})) {
      ArrayNode value = mapper.createArrayNode();
      odd.accept(value);
      for (JsonNode changed : withEachValue(item, value.path(0))) {
        try {
          process(changed);
        } catch (Problem rejected) {
          assertThat(rejected).as("%s", changed).isInstanceOf(InvalidRequest.class);
        }
      }
    }
  }

  /** Copies of an object in each of which one value is replaced, or removed if it is missing. */
  private static List<JsonNode> withEachValue(JsonNode json, JsonNode value) {
    List<JsonNode> copies = new ArrayList<>();
    for (int i = 0; i < places(json).size(); i++) {
      JsonNode copy = json.deepCopy();
      places(copy).get(i).accept(value);
      copies.add(copy);
    }
    return copies;
  }

  private static List<Consumer<JsonNode>> places(JsonNode json) {
    List<Consumer<JsonNode>> places = new ArrayList<>();
    if (json instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyStream().map(e -> e.getKey()).toList())) {
        places.add(
            value -> {
              if (value.isMissingNode()) {
                object.remove(name);
              } else {
                object.set(name, value);
              }
            });
        places.addAll(places(object.path(name)));
      }
    } else if (json instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        places.add(
            value -> {
              if (value.isMissingNode()) {
                array.remove(index);
              } else {
                array.set(index, value);
              }
            });
        places.addAll(places(array.path(i)));
      }
    }
    return places;
  }

  @ParameterizedTest
  @CsvSource({"concurrency,-1", "concurrency,2147483647", "running,-1", "running,100001"})
  void rejectsImpossibleNumberOfSlots(String field, int value) throws Exception {
    String other = field.equals("running") ? "concurrency" : "running";
    JsonNode hello =
        json(
            "{'type':'hello','worker':'w','keys':['A'],'%s':%d,'%s':0}"
                .formatted(field, value, other));
    assertThatThrownBy(() -> reader.read(hello))
        .hasMessageContaining("must be between 0 and 100000 (was " + value + ")");
  }

  @Test
  void namesTheFieldThatIsNull() throws Exception {
    JsonNode hello =
        json("{'type':'hello','worker':'w','keys':['A',null],'concurrency':1,'running':0}");
    assertThatThrownBy(() -> reader.read(hello))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("/keys/1 must not be null");
    JsonNode complete =
        json(
            "{'type':'complete',"
                + RUN
                + "'state':200,'results':[{'payload':1,'generator':{'id':null}}]}");
    assertThatThrownBy(() -> reader.read(complete))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("/results/0/generator: must have only strings");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'instance':'a b'                | /instance must be 1 to 128 characters of A-Z a-z 0-9 _ -",
        "'instance':'p2','replaces':''   | /replaces must be 1 to 128 characters of A-Z a-z 0-9 _ -",
        "'instance':'p2','replaces':'p2' | /replaces must differ from instance",
        "'replaces':'p1'                 | /replaces must be omitted without instance",
      })
  void rejectsInvalidInstance(String fields, String message) throws Exception {
    JsonNode hello =
        json(
            "{'type':'hello','worker':'w','keys':['A'],'concurrency':1,'running':0,"
                + fields
                + "}");

    assertThatThrownBy(() -> reader.read(hello))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(message.replaceFirst(" ", ": "));
  }
}
