package dev.docket.dialect.dane.index.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.docket.dialect.dane.index.query.Clause.All;
import dev.docket.dialect.dane.index.query.Clause.Any;
import dev.docket.dialect.dane.index.query.Clause.Exists;
import dev.docket.dialect.dane.index.query.Clause.HasParent;
import dev.docket.dialect.dane.index.query.Clause.Match;
import dev.docket.dialect.dane.index.query.Clause.Not;
import dev.docket.dialect.dane.index.query.Clause.Wildcard;
import dev.docket.search.record.SearchedKind;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryParserTest {

  private static final Clause A = new Match("task.key", List.of("A"), false);
  private static final Clause B = new Exists("b");

  private static Clause parse(String json) throws IOException {
    return QueryParser.parse(new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  @Test
  void acceptsObjectsAndArraysInBool() throws IOException {
    String a = "{'match':{'task.key':'A'}}";
    String b = "{'exists':{'field':'b'}}";
    assertThat(parse("{'bool':{'must':" + a + ",'filter':[" + b + "]}}"))
        .isEqualTo(new All(List.of(A, B)));
    assertThat(parse("{'bool':{'must':[" + a + "],'must_not':" + b + "}}"))
        .isEqualTo(new All(List.of(A, new Not(B))));
    assertThat(parse("{'bool':{}}")).isEqualTo(Clause.EVERYTHING);
    assertThat(QueryParser.parse(MissingNode.getInstance())).isEqualTo(Clause.EVERYTHING);
  }

  @Test
  void requiresShouldOnlyOnItsOwn() throws IOException {
    String a = "{'match':{'task.key':{'query':'A'}}}";
    String should = "'should':[{'exists':{'field':'b'}}]";
    assertThat(parse("{'bool':{" + should + "}}")).isEqualTo(new Any(List.of(B)));
    assertThat(parse("{'bool':{'must':" + a + "," + should + "}}")).isEqualTo(A);
    assertThat(parse("{'bool':{'must':" + a + "," + should + ",'minimum_should_match':1}}"))
        .isEqualTo(new All(List.of(A, new Any(List.of(B)))));
    assertThat(parse("{'bool':{'must_not':" + a + "," + should + "}}"))
        .isEqualTo(new All(List.of(new Any(List.of(B)), new Not(A))));
  }

  @Test
  void readsNumbersFromTextsAndNumbers() throws IOException {
    for (String value : new String[] {"200", "'200'", "200.0", "'0200'", "{'query':200}"}) {
      assertThat(parse("{'match':{'task.state':" + value + "}}"))
          .as(value)
          .isEqualTo(new Match("task.state", List.of("200"), false));
    }
    assertThat(parse("{'match':{'task.state':200.5}}")).isEqualTo(Clause.NOTHING);
    assertThat(parse("{'terms':{'task.state':[200,'412']}}"))
        .isEqualTo(new Match("task.state", List.of("200", "412"), true));
  }

  @Test
  void readsValueOfTermFromObject() throws IOException {
    Clause term = new Match("task.key", List.of("A"), true);
    assertThat(parse("{'term':{'task.key':'A'}}")).isEqualTo(term);
    assertThat(parse("{'term':{'task.key':{'value':'A'}}}")).isEqualTo(term);
  }

  @Test
  void readsTimesAsDaneWritesThem() throws IOException {
    assertThat(parse("{'match':{'created_at':'2026-03-01T10:00:00'}}"))
        .isEqualTo(new Match("created_at", List.of("2026-03-01T10:00:00"), false));
  }

  @Test
  void readsParentIdAsParent() throws IOException {
    assertThat(parse("{'parent_id':{'type':'result','id':'x'}}"))
        .isEqualTo(new HasParent(SearchedKind.TASK, new Match("_id", List.of("x"), true)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'foo':{}}|unknown query [foo]",
        "{'match':{'task.state':'abc'}}|For input string: \"abc\"",
        "{'terms':{'task.priority':[1,'x']}}|For input string: \"x\"",
        "{'match':{'a':'1','b':'2'}}|doesn't support multiple fields, found [a] and [b]",
        "{'match':{'a':null}}|[match] value cannot be null",
        "{'match':{'a':[1]}}|[match] query does not support an object or array",
        "{'match':{'a':{'query':'1','fuzziness':2}}}|[match] with [fuzziness]",
        "{'match':{'created_at':'yesterday'}}|failed to parse date field [yesterday]",
        "{'exists':{}}|[exists] requires 'field' field",
        "{'range':{'task.state':{'gte':1}}}|Docket does not support the query [range]",
        "{'bool':{'must':[],'filters':[]}}|[bool] with [filters]",
        "{'bool':{'must':[{}]}}|empty clause",
        "{'bool':{'should':[{'match_all':{}}],'minimum_should_match':'50%'}}|minimum_should_match",
        "{'has_parent':{'parent_type':'document'}}|[has_parent] requires 'query' field",
        "{'has_parent':{'parent_type':'x','query':{'match_all':{}}}}|doesn't hold [x] as a parent",
        "{'has_child':{'type':'document','query':{'match_all':{}}}}|doesn't hold [document]",
        "{'wildcard':{'task.state':'2*'}}|Can only use wildcard queries on keyword",
        "{'query_string':{'query':'x'}}|[query_string] without default_field",
        "{'match_all':{},'match':{}}|expected [END_OBJECT]",
        "[]|query malformed",
      })
  void namesWhatIsWrong(String query, String reason) throws IOException {
    assertThatThrownBy(() -> parse(query))
        .isInstanceOf(InvalidQuery.class)
        .hasMessageContaining(reason);
  }

  @Test
  void rejectsDeepQueries() {
    String deep = "{'bool':{'must':".repeat(40) + "{'match_all':{}}" + "}}".repeat(40);
    assertThatThrownBy(() -> parse(deep)).hasMessageContaining("nested depth");
  }

  @Test
  void readsPatterns() throws IOException {
    Clause pattern = new Wildcard("target.id", "a?\\*", false);
    assertThat(parse("{'wildcard':{'target.id':{'value':'a?\\\\*'}}}")).isEqualTo(pattern);
    assertThat(parse("{'wildcard':{'target.id':'a?\\\\*'}}")).isEqualTo(pattern);
  }
}
