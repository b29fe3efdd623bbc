package dev.docket.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.Caller;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.server.HttpJson;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import io.dropwizard.jersey.validation.Validators;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocumentPatchTest {

  private static final String REGISTRATION =
      """
      {"target":{"id":"film","url":"file:///a","type":"Video","shelf":{"row":1,"box":"b"}},
       "creator":{"id":"archive","type":"Organization","name":"The archive"},
       "metadata":{"title":"The harbour","year":1931,"exact":1.50}}
      """;

  private final ObjectMapper mapper = HttpJson.mapper();
  private final RequestBodyReader bodies = new RequestBodyReader(mapper, Validators.newValidator());
  private final MemoryDocumentStore store = new MemoryDocumentStore();
  private Runnable beforeReplace = () -> {};
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final DocumentService documents =
      new DocumentService(
          new InterceptedStore(),
          ((InstantSource) () -> now).withZone(ZoneOffset.UTC),
          () -> UUID.randomUUID().toString());
  private final Document registered = register();

  /** Calls a hook before each replacement. */
  private final class InterceptedStore implements DelegatingStore {
    @Override
    public DocumentStore delegate() {
      return store;
    }

    @Override
    public CompletionStage<WriteOutcome> replace(Document document, Version expected) {
      Runnable hook = beforeReplace;
      beforeReplace = () -> {};
      hook.run();
      return store.replace(document, expected);
    }
  }

  private Document register() {
    try {
      NewDocument body = bodies.read(mapper.readTree(REGISTRATION), NewDocument.class);
      return documents.register(body, Caller.ANONYMOUS).toCompletableFuture().join();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private Document patch(String json) {
    return patch(json, "*");
  }

  private Document patch(String json, String tag) {
    try {
      DocumentPatch patch = new DocumentPatch(mapper.readTree(json), bodies);
      return documents
          .change(
              registered.id(),
              document -> tag.equals("*") || tag.equals(DocumentTag.of(document)),
              patch::apply)
          .toCompletableFuture()
          .join();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private Document stored() {
    return store.find(registered.id()).toCompletableFuture().join().orElseThrow().value();
  }

  @Test
  void mergesFieldsAndRemovesThoseThatAreNull() {
    now = now.plusSeconds(60);
    Document changed =
        patch(
            """
            {"target":{"url":"file:///b","shelf":{"box":null}},"creator":{"name":null},
             "metadata":{"year":1932,"title":null,"new":{"a":[null]}}}
            """);

    assertThat(changed).isEqualTo(stored());
    assertThat(changed.target().url()).isEqualTo("file:///b");
    assertThat(changed.target().extra()).isEqualTo(Map.of("shelf", Map.of("row", 1)));
    assertThat(changed.creator().name()).isNull();
    assertThat(changed.metadata())
        .containsOnlyKeys("year", "exact", "new")
        .containsEntry("year", 1932);
    assertThat(changed.metadata().get("exact")).hasToString("1.50");
    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.updatedAt()).isEqualTo(now);
    assertThat(changed.createdAt()).isEqualTo(registered.createdAt());
    assertThat(patch("{\"metadata\":null}").metadata()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'target':{'type':'Text'}}|/target/type|routing key",
        "{'target':{'type':'Film'}}|/target/type|must be one of",
        "{'target':{'type':null}}|/target/type|must not be null",
        "{'target':{'id':'other'}}|/target/id|cannot be changed",
        "{'target':{'id':null}}|/target/id|must not be null",
        "{'target':{'url':null}}|/target/url|must not be null",
        "{'target':null}|/target|must not be null",
        "{'target':[]}|/target|must be an object",
        "{'creator':{'id':'other'}}|/creator/id|cannot be changed",
        "{'creator':{'type':'Robot'}}|/creator/type|must be one of",
        "{'id':'x'}|/id|cannot be changed",
        "{'created_at':null}|/created_at|cannot be changed",
        "{'version':7}|/version|cannot be changed",
        "{'metadata':7}|/metadata|must be an object",
        "{'title':'x'}|/title|unknown field",
        "{'title':null}|/title|unknown field",
        "[]|``|must be a JSON object"
      })
  void rejectsWhatCannotBeChangedWithFieldAndRule(String patch, String field, String rule) {
    InvalidRequest invalid =
        catchThrowableOfType(
            InvalidRequest.class,
            () -> {
              try {
                patch(patch.replace('\'', '"'));
              } catch (java.util.concurrent.CompletionException e) {
                throw e.getCause();
              }
            });
    assertThat(invalid.errors().get(0).pointer()).isEqualTo(field);
    assertThat(invalid.errors().get(0).detail()).contains(rule);
    assertThat(stored()).isEqualTo(registered);
  }

  @Test
  void limitsMetadataAfterMerge() {
    String half = "x".repeat(MaxJsonBytes.DEFAULT_MAX / 2);
    patch("{\"metadata\":{\"a\":\"" + half + "\"}}");
    assertThatThrownBy(() -> patch("{\"metadata\":{\"b\":\"" + half + "\"}}"))
        .hasMessageContaining("/metadata must be at most");
    assertThat(stored().metadata()).containsKey("a").doesNotContainKey("b");
  }

  @Test
  void patchWithoutEffectKeepsVersionAndTag() {
    String tag = DocumentTag.of(registered);
    assertThat(patch("{\"target\":{\"url\":\"file:///a\"},\"metadata\":{\"none\":null}}"))
        .isEqualTo(registered);
    assertThat(patch("{}", tag)).isEqualTo(registered);
  }

  @Test
  void acceptsWholeDocumentAsItWasRead() {
    String read = bodies.tree(DocumentView.of(registered)).toString();
    assertThat(patch(read.replace("file:///a", "file:///c")).target().url()).isEqualTo("file:///c");
    assertThatThrownBy(() -> patch(read))
        .hasMessageContaining("/version")
        .hasMessageContaining("(is 2)");
  }

  @Test
  void eachChangeHasItsOwnTagEvenWithinMillisecond() {
    String first = DocumentTag.of(registered);
    String second = DocumentTag.of(patch("{\"metadata\":{\"n\":1}}", first));
    String third = DocumentTag.of(patch("{\"metadata\":{\"n\":2}}", second));
    assertThat(first).isNotEqualTo(second);
    assertThat(third).isNotIn(first, second);
    assertThatThrownBy(() -> patch("{\"metadata\":{\"n\":3}}", first))
        .hasCauseInstanceOf(Problem.class)
        .hasMessageContaining("does not have this ETag");
    assertThat(stored().metadata()).containsEntry("n", 2);
  }

  @Test
  void concurrentPatchesAreBothApplied() {
    beforeReplace = () -> patch("{\"metadata\":{\"other\":true}}");
    patch("{\"metadata\":{\"mine\":true}}");
    assertThat(stored().metadata()).containsKeys("other", "mine");
    assertThat(stored().version()).isEqualTo(3);
  }

  @Test
  void concurrentPatchesOfOneVersionExcludeEachOther() {
    String tag = DocumentTag.of(registered);
    beforeReplace = () -> patch("{\"metadata\":{\"other\":true}}", tag);
    assertThatThrownBy(() -> patch("{\"metadata\":{\"mine\":true}}", tag))
        .hasCauseInstanceOf(Problem.class)
        .hasMessageContaining("does not have this ETag");
    assertThat(stored().metadata()).containsKey("other").doesNotContainKey("mine");
  }

  @Test
  void doesNotChangeDeletedDocument() {
    beforeReplace = () -> documents.delete(registered.id()).toCompletableFuture().join();
    assertThatThrownBy(() -> patch("{\"metadata\":{\"a\":1}}"))
        .hasCauseInstanceOf(DocumentNotFound.class);
    assertThat(stored().deleted()).isTrue();
    assertThat(stored().version()).isEqualTo(1);
  }
}
