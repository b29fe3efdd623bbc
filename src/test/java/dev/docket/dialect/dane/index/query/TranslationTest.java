package dev.docket.dialect.dane.index.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.search.record.Condition;
import java.io.IOException;
import java.time.Instant;
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

  @Test
  void patternsBelongToOneKind() throws IOException {
    for (String field : List.of("target.id", "target.type", "target.url", "creator.name")) {
      Condition pattern = new Condition.Wildcard(field, "a*", false);
      assertTranslated(
          "{'wildcard':{'" + field + "':'a*'}}", pattern, Condition.NONE, Condition.NONE);
    }
    assertTranslated(
        "{'wildcard':{'task.key':'a*'}}",
        Condition.NONE,
        new Condition.Wildcard("key", "a*", false),
        Condition.NONE);
    assertTranslated(
        "{'wildcard':{'result.generator.id':'a*'}}",
        Condition.NONE,
        Condition.NONE,
        new Condition.Wildcard("generator_search.id", "a*", false));
    assertTranslated(
        "{'wildcard':{'unknown':'a*'}}", Condition.NONE, Condition.NONE, Condition.NONE);
  }

  @Test
  void textsMatchByWords() throws IOException {
    Condition red = wordOf("target.url", "red");
    Condition fox = wordOf("target.url", "fox");
    assertTranslated(
        "{'match':{'target.url':'(red) fox'}}",
        Condition.or(red, fox),
        Condition.NONE,
        Condition.NONE);
    assertTranslated(
        "{'match':{'target.url':{'query':'(red) fox','operator':'and'}}}",
        Condition.and(red, fox),
        Condition.NONE,
        Condition.NONE);
    assertTranslated(
        "{'match':{'target.url':{'query':'()','operator':'and'}}}",
        Condition.NONE,
        Condition.NONE,
        Condition.NONE);
    assertTranslated(
        "{'match':{'task.msg':'red fox'}}",
        Condition.NONE,
        new Condition.Words("message", "red fox", false),
        Condition.NONE);
  }

  private static Condition wordOf(String field, String word) {
    return Condition.and(
        new Condition.Words("words", word, true),
        new Condition.Wildcard(field, "*" + word + "*", true));
  }

  /** Docket's times have milliseconds, DANE's have not. */
  @Test
  void timeIsTheWholeSecond() throws IOException {
    Instant from = Instant.parse("2026-03-01T10:00:00Z");
    Instant to = from.plusSeconds(1);
    Condition created = new Condition.Between("created_at", from, to);
    Condition updated = new Condition.Between("updated_at", from, to);
    assertTranslated("{'match':{'created_at':'2026-03-01T10:00:00'}}", created, created, created);
    assertTranslated("{'match':{'updated_at':'2026-03-01T10:00:00'}}", updated, updated, created);
  }

  @Test
  void generatorWithoutTypeIsSoftware() throws IOException {
    Condition without = Condition.not(Condition.exists("generator_search.type"));
    assertTranslated(
        "{'match':{'result.generator.type':'Software'}}",
        Condition.NONE,
        Condition.NONE,
        Condition.or(is("generator_search.type", "Software"), without));
    assertTranslated(
        "{'match':{'result.generator.type':'Human'}}",
        Condition.NONE,
        Condition.NONE,
        is("generator_search.type", "Human"));
  }

  @Test
  void copyAnswersAlternativesAndExclusions() throws IOException {
    assertTranslated(
        "{'has_parent':{'parent_type':'task','query':{'bool':{"
            + "'should':[{'match':{'_id':'t'}},{'match':{'_id':'u'}}],"
            + "'must_not':{'match':{'task.key':'K'}}}}}}",
        Condition.NONE,
        Condition.NONE,
        Condition.and(
            Condition.or(is("task_id", "t"), is("task_id", "u")), Condition.not(is("key", "K"))));
    assertThat(joined).isEmpty();
  }

  @Test
  void tasksAreSearchedIfPartOfQueryIsNotCopied() throws IOException {
    assertTranslated(
        "{'has_parent':{'parent_type':'task','query':{'bool':{'must':["
            + "{'match':{'_id':'t'}},{'match':{'task.priority':1}}]}}}}",
        Condition.NONE,
        Condition.NONE,
        is("task_id", "t1"));
    assertThat(joined).containsExactly("tasks");
  }

  @Test
  void scopeOfRoutingIsTheTask() {
    assertThat(new Clause.Match("_routing", List.of("t"), true).accept(new ResultScope()))
        .isEqualTo(is("id", "t"));
    assertThat(new Clause.Match("_id", List.of("r"), true).accept(new ResultScope()))
        .isEqualTo(Condition.ALL);
  }
}
