package dev.docket.dialect.dane.index.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.search.record.Condition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines of the contract's table of clauses. */
final class TranslationTest {

  private final List<String> joined = new ArrayList<>();

  private final Joins joins =
      new Joins() {
        @Override
        public List<String> documents(Clause clause) {
          joined.add("documents");
          return List.of("d1");
        }

        @Override
        public List<String> tasks(Clause clause) {
          joined.add("tasks");
          return List.of("t1");
        }

        @Override
        public List<String> documentsOfTasks(Clause clause) {
          joined.add("documentsOfTasks");
          return List.of("d2");
        }

        @Override
        public List<String> tasksOfResults(Clause clause) {
          joined.add("tasksOfResults");
          return List.of();
        }
      };

  private void assertTranslated(
      String query, Condition documents, Condition tasks, Condition results) throws IOException {
    Clause clause = QueryParser.parse(new ObjectMapper().readTree(query.replace('\'', '"')));
    assertThat(clause.accept(new DocumentTranslation(joins))).as("documents").isEqualTo(documents);
    assertThat(clause.accept(new TaskTranslation(joins, 412))).as("tasks").isEqualTo(tasks);
    assertThat(clause.accept(new ResultTranslation(joins))).as("results").isEqualTo(results);
  }

  private static Condition is(String field, String value) {
    return Condition.equal(field, value);
  }

  @Test
  void routingIsTheParent() throws IOException {
    assertTranslated(
        "{'match':{'_routing':'x'}}", Condition.NONE, is("document_id", "x"), is("task_id", "x"));
  }

  @Test
  void fieldsBelongToOneKind() throws IOException {
    assertTranslated(
        "{'match':{'target.id':'x'}}", is("target.id", "x"), Condition.NONE, Condition.NONE);
    assertTranslated("{'match':{'task.key':'x'}}", Condition.NONE, is("key", "x"), Condition.NONE);
    assertTranslated(
        "{'exists':{'field':'task.key'}}", Condition.NONE, Condition.ALL, Condition.NONE);
    assertTranslated(
        "{'exists':{'field':'target.id'}}", Condition.ALL, Condition.NONE, Condition.NONE);
    assertTranslated(
        "{'exists':{'field':'result.generator.id'}}",
        Condition.NONE,
        Condition.NONE,
        Condition.ALL);
    assertTranslated(
        "{'exists':{'field':'result.payload'}}",
        Condition.NONE,
        Condition.NONE,
        Condition.or(Condition.exists("payload_search"), Condition.exists("payload_bytes")));
    assertTranslated("{'match':{'unknown':'x'}}", Condition.NONE, Condition.NONE, Condition.NONE);
  }

  @Test
  void commonFieldsAreInAllKinds() throws IOException {
    assertTranslated(
        "{'ids':{'values':['a','b']}}",
        Condition.anyOf("id", List.of("a", "b")),
        Condition.anyOf("id", List.of("a", "b")),
        Condition.anyOf("id", List.of("a", "b")));
    assertTranslated("{'match_all':{}}", Condition.ALL, Condition.ALL, Condition.ALL);
    assertTranslated("{'match':{'role':'task'}}", Condition.NONE, Condition.ALL, Condition.NONE);
    assertTranslated(
        "{'match':{'role.parent':'x'}}", Condition.NONE, Condition.NONE, Condition.NONE);
  }

  @Test
  void documentOfTaskIsItsCopy() throws IOException {
    assertTranslated(
        "{'has_parent':{'parent_type':'document','query':{'bool':{'must':["
            + "{'match':{'_id':'d'}},{'exists':{'field':'target.id'}},"
            + "{'query_string':{'default_field':'creator.id','query':'c*'}}]}}}}",
        Condition.NONE,
        Condition.and(is("document_id", "d"), new Condition.Wildcard("creator.id", "c*", false)),
        Condition.NONE);
    assertThat(joined).isEmpty();
  }

  @Test
  void documentOfTaskIsSearchedForWhatIsNotCopied() throws IOException {
    assertTranslated(
        "{'has_parent':{'parent_type':'document','query':{'match':{'creator.type':'Human'}}}}",
        Condition.NONE,
        is("document_id", "d1"),
        Condition.NONE);
    assertThat(joined).containsExactly("documents");
  }

  @Test
  void taskOfResultIsItsCopyUnlessDocumentMatters() throws IOException {
    assertTranslated(
        "{'has_parent':{'parent_type':'task','query':{'bool':{'must':["
            + "{'match':{'_id':'t'}},{'match':{'task.key':'K'}}]}}}}",
        Condition.NONE,
        Condition.NONE,
        Condition.and(is("task_id", "t"), is("key", "K")));
    assertThat(joined).isEmpty();
    assertTranslated(
        "{'has_parent':{'parent_type':'task','query':{'has_parent':{"
            + "'parent_type':'document','query':{'match_all':{}}}}}}",
        Condition.NONE,
        Condition.NONE,
        is("task_id", "t1"));
    assertThat(joined).containsExactly("tasks");
  }

  @Test
  void childrenAreSearchedFirst() throws IOException {
    assertTranslated(
        "{'has_child':{'type':'task','query':{'match':{'_id':'t'}}}}",
        is("id", "d2"),
        Condition.NONE,
        Condition.NONE);
    assertTranslated(
        "{'has_child':{'type':'result','query':{'match_all':{}}}}",
        Condition.NONE,
        Condition.NONE,
        Condition.NONE);
    assertThat(joined).containsExactly("documentsOfTasks", "tasksOfResults");
  }

  @Test
  void stateIsTheNumberThatIsShown() throws IOException {
    assertTranslated(
        "{'match':{'task.state':412}}",
        Condition.NONE,
        Condition.or(
            is("state", "412"),
            Condition.and(
                is("answered_state", "412"),
                Condition.anyOf(
                    "state", List.of("400", "403", "404", "408", "499", "500", "502", "503"))),
            is("state", "424")),
        Condition.NONE);
  }

  @Test
  void scopeCoversTasksOfResults() throws IOException {
    Clause ofTask =
        QueryParser.parse(
            new ObjectMapper()
                .readTree(
                    "{\"bool\":{\"must\":[{\"has_parent\":{\"parent_type\":\"task\",\"query\":"
                        + "{\"match\":{\"_id\":\"t\"}}}},"
                        + "{\"exists\":{\"field\":\"result.payload\"}}]}}"));
    assertThat(ofTask.accept(new ResultScope())).isEqualTo(is("id", "t"));
    assertThat(new Clause.Exists("task.key").accept(new ResultScope())).isEqualTo(Condition.NONE);
    assertThat(Clause.EVERYTHING.accept(new ResultScope())).isEqualTo(Condition.ALL);
  }
}
