package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.ApiKey;
import dev.docket.auth.AuthFeature;
import dev.docket.document.DocumentResource;
import dev.docket.document.DocumentService;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.http.BodyLimitFilter;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayBatch;
import dev.docket.http.batch.NdjsonBatch;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.validation.Validator;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors, keys and bodies over HTTP, with documents as the example; one test for each status. */
@ExtendWith(DropwizardExtensionsSupport.class)
final class HttpTest {

  private static final String GOOD =
      """
      {"target":{"id":"%s","url":"file:///x","type":"Text","shelf":[1,{"a":null}]},
       "creator":{"id":"me","type":"Human","name":"М. Э."},"metadata":{"n":1.50}}
      """;

  private final MemoryDocumentStore store = new MemoryDocumentStore();
  private final ObjectMapper mapper = HttpJson.mapper();
  private final Validator validator = Validators.newValidator();

  private final ResourceExtension http =
      ResourceExtension.builder()
          .setMapper(mapper)
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addProvider(new BodyLimitFilter(10_000, 10_000))
          .addProvider(
              new AuthFeature(
                  List.of(
                      new ApiKey("in", ApiKey.hash("archivist key"), Set.of("archivist")),
                      new ApiKey("ad", ApiKey.hash("admin key"), Set.of("admin")),
                      new ApiKey("an", ApiKey.hash("analyst key"), Set.of("analyst")))))
          .addResource(
              new DocumentResource(
                  new DocumentService(store, Clock.systemUTC(), () -> UUID.randomUUID().toString()),
                  new RequestBodyReader(mapper, validator),
                  new ArrayBatch(mapper),
                  new NdjsonBatch(mapper)))
          .addResource(new ProbeResource(Optional::empty, () -> Optional.of("it is down")))
          .addResource(new Broken())
          .build();

  /** A bug. */
  @Path("/broken")
  public static final class Broken {
    @GET
    @jakarta.annotation.security.PermitAll
    public String get(@jakarta.ws.rs.QueryParam("x") String x) {
      return java.util.Objects.requireNonNull(x, "secret internals");
    }
  }

  @Test
  void aDocumentIsCreatedAndReadWhole() throws Exception {
    Response made = post("/document", GOOD.formatted("опись 1"));
    assertThat(made.getStatus()).isEqualTo(201);
    String body = made.readEntity(String.class);
    JsonNode document = mapper.readTree(body);
    assertThat(made.getHeaderString("Location"))
        .endsWith("/document/" + document.path("id").asText());

    String read = get(made.getLocation().getPath()).readEntity(String.class);

    assertThat(read).isEqualTo(body).contains("\"shelf\":[1,{\"a\":null}]").contains("\"n\":1.50");
    assertThat(document.path("target").path("id").asText()).isEqualTo("опись 1");
    assertThat(document.path("created_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  }

  @Test
  void thePairAgainIs409AndNamesTheOneThatIsThere() throws Exception {
    JsonNode first = json(post("/document", GOOD.formatted("twice")));
    Response again = post("/document", GOOD.formatted("twice"));
    assertThat(again.getStatus()).isEqualTo(409);
    assertThat(json(again).path("existing")).isEqualTo(first.path("id"));
    assertThat(store.all()).hasSize(1);
  }

  @Test
  void twoPairsWithOneFirstIdGetTwoIds() throws Exception {
    String pair =
        "{\"target\":{\"id\":\"%s\",\"url\":\"x\",\"type\":\"Text\"},"
            + "\"creator\":{\"id\":\"%s\",\"type\":\"Human\"}}";
    JsonNode one = json(post("/document", pair.formatted("ab", "c")));
    JsonNode other = json(post("/document", pair.formatted("a", "bc")));
    assertThat(one.path("id")).isNotEqualTo(other.path("id"));
    assertThat(post("/document", pair.formatted("a", "bc")).getStatus()).isEqualTo(409);
    assertThat(post("/document", pair.formatted("ab", "c")).getStatus()).isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"target\":{\"id\":1,\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/id|text",
        "{\"target\":{\"id\":\"\",\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/id|8192",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/type|Dataset",
        "{\"target\":{\"id\":\"1\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/url|null",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"Text\"}}|/creator|null",
        "{\"target\":[],\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target|object",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"},\"a/b~\":1}|/a~1b~0|known",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"},\"metadata\":3}|/metadata|object",
      })
  void whatIsWrongIs400AndNamesTheFieldAndWhatIsAllowed(String body, String pointer, String word)
      throws Exception {
    Response refused = post("/document", body);
    assertThat(refused.getStatus()).isEqualTo(400);
    assertThat(refused.getMediaType().toString()).isEqualTo("application/problem+json");
    JsonNode error = json(refused).path("errors").path(0);
    assertThat(error.path("pointer").asText()).isEqualTo(pointer);
    assertThat(error.path("detail").asText()).contains(word);
    assertThat(store.all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{|line 1", "{\"metadata\":{\"a\":1,\"a\":2}}|Duplicate", "{} {}|body", "nope|nope"})
  void whatIsNoJsonIs400AndSaysWhere(String body, String word) throws Exception {
    Response refused = post("/document", body);
    assertThat(refused.getStatus()).isEqualTo(400);
    assertThat(refused.readEntity(String.class)).contains(word).doesNotContain("jackson");
  }

  @Test
  void eightKibibytesAreTakenAndOneMoreIsNot() {
    assertThat(post("/document", GOOD.formatted("я".repeat(4096))).getStatus()).isEqualTo(201);
    assertThat(post("/document", GOOD.formatted("я".repeat(4096) + "x")).getStatus())
        .isEqualTo(400);
  }

  @Test
  void aBodyThatIsTooLargeIs413() throws Exception {
    Response refused = post("/document", " ".repeat(10_001));
    assertThat(refused.getStatus()).isEqualTo(413);
    assertThat(json(refused).path("detail").asText()).contains("10000");
  }

  @Test
  void inABatchEachItemStandsForItself() throws Exception {
    Response answer =
        post(
            "/documents",
            "["
                + GOOD.formatted("a")
                + ",7,"
                + GOOD.formatted("a")
                + ","
                + GOOD.formatted("b")
                + "]");
    assertThat(answer.getStatus()).isEqualTo(200);
    JsonNode body = json(answer);
    assertThat(body.path("success")).hasSize(2);
    assertThat(body.path("failed")).hasSize(2);
    assertThat(body.path("failed").get(0).path("index").asInt()).isEqualTo(1);
    assertThat(body.path("failed").get(0).path("status").asInt()).isEqualTo(400);
    assertThat(body.path("failed").get(1).path("status").asInt()).isEqualTo(409);
    assertThat(body.path("failed").get(1).has("existing")).isTrue();
  }

  @Test
  void whatIsNotThereIs404() throws Exception {
    assertThat(get("/document/unknown").getStatus()).isEqualTo(404);
    Response malformed = get("/document/no%20id");
    assertThat(malformed.getStatus()).isEqualTo(404);
    assertThat(json(malformed).path("detail").asText()).contains("A-Z a-z 0-9 _ -");
    assertThat(get("/nowhere").getStatus()).isEqualTo(404);
  }

  @Test
  void aDeletedDocumentIsGoneAndMayComeAgain() throws Exception {
    JsonNode made = json(post("/document", GOOD.formatted("gone")));
    String path = "/document/" + made.path("id").asText();
    assertThat(request(path, "archivist key").delete().getStatus()).isEqualTo(204);
    assertThat(get(path).getStatus()).isEqualTo(404);
    assertThat(request(path, "archivist key").delete().getStatus()).isEqualTo(404);
    JsonNode again = json(post("/document", GOOD.formatted("gone")));
    assertThat(again.path("id")).isEqualTo(made.path("id"));
    assertThat(again.path("predecessor").path("created_at")).isEqualTo(made.path("created_at"));
  }

  @Test
  void theProbesAskForNoKey() {
    assertThat(http.target("/health").request().get().getStatus()).isEqualTo(200);
    Response ready = http.target("/ready").request().get();
    assertThat(ready.getStatus()).isEqualTo(500);
    assertThat(ready.readEntity(String.class)).contains("it is down");
    assertThat(http.target("/health").request().header("Authorization", "Bearer x").get())
        .extracting(Response::getStatus)
        .isEqualTo(200);
  }

  @Test
  void withoutAKeyItIs401AndWithoutTheRole403() throws Exception {
    Response nobody = http.target("/document/x").request().get();
    assertThat(nobody.getStatus()).isEqualTo(401);
    assertThat(nobody.getHeaderString("WWW-Authenticate")).startsWith("Bearer");
    assertThat(json(nobody).path("status").asInt()).isEqualTo(401);
    assertThat(request("/document/x", "a wrong key").get().getStatus()).isEqualTo(401);
    assertThat(request("/document/x", "analyst key").get().getStatus()).isEqualTo(404);
    Response analyst = request("/document", "analyst key").post(Entity.json(GOOD.formatted("no")));
    assertThat(analyst.getStatus()).isEqualTo(403);
    assertThat(json(analyst).path("detail").asText()).contains("role");
    assertThat(store.all()).isEmpty();
  }

  @Test
  void aKeyMayAlsoBeAPassword() {
    assertThat(basic("anyone:analyst key").getStatus()).isEqualTo(404);
    Response wrong = basic("analyst key:wrong");
    assertThat(wrong.getStatus()).isEqualTo(401);
    assertThat(wrong.getHeaderString("WWW-Authenticate")).startsWith("Bearer");
  }

  private Response basic(String credentials) {
    String encoded =
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return http.target("/document/x").request().header("Authorization", "Basic " + encoded).get();
  }

  @Test
  void otherMethodsAndTypesAreRefusedInTheSameShape() throws Exception {
    Response put = request("/document", "archivist key").put(Entity.json("{}"));
    assertThat(put.getStatus()).isEqualTo(405);
    assertThat(put.getHeaderString("Allow")).contains("POST");
    assertThat(json(put).path("status").asInt()).isEqualTo(405);
    Response text = request("/document", "archivist key").post(Entity.text("x"));
    assertThat(text.getStatus()).isEqualTo(415);
    assertThat(json(text).path("status").asInt()).isEqualTo(415);
  }

  @Test
  void aBugIs500WithAnIdAndNothingElse() throws Exception {
    Response bug = request("/broken", "archivist key").get();
    assertThat(bug.getStatus()).isEqualTo(500);
    JsonNode body = json(bug);
    assertThat(body.path("id").asText()).hasSize(36);
    assertThat(body.toString()).doesNotContain("secret").doesNotContain("NullPointer");
  }

  @Test
  void theSameAgainUnderItsKeyIsAnsweredAsBefore() throws Exception {
    Response made = keyed("/document", "k-1", GOOD.formatted("once"));
    Response again = keyed("/document", "k-1", GOOD.formatted("once"));
    assertThat(again.getStatus()).isEqualTo(201);
    assertThat(again.getHeaderString("Location")).isEqualTo(made.getHeaderString("Location"));
    assertThat(again.readEntity(String.class)).isEqualTo(made.readEntity(String.class));
    assertThat(store.all()).hasSize(1);

    assertThat(keyed("/document", "k-2", GOOD.formatted("once")).getStatus()).isEqualTo(409);
    assertThat(post("/document", GOOD.formatted("once")).getStatus()).isEqualTo(409);
    Response other =
        keyed("/document", "k-1", GOOD.formatted("once").replace("\"n\":1.50", "\"n\":2"));
    assertThat(other.getStatus()).isEqualTo(422);
    assertThat(json(other).path("detail").asText()).contains("Idempotency-Key");
  }

  @Test
  void anotherCallersKeyIsAnotherKey() {
    keyed("/document", "k-1", GOOD.formatted("whose"));
    Response other =
        request("/document", "admin key")
            .header("Idempotency-Key", "k-1")
            .post(Entity.json(GOOD.formatted("whose")));
    assertThat(other.getStatus()).isEqualTo(409);
  }

  @Test
  void manyAtOnceUnderOneKeyMakeOneDocument() {
    List<CompletableFuture<String>> all =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () ->
                            keyed("/document", "k-1", GOOD.formatted("at once"))
                                .readEntity(String.class)))
            .limit(6)
            .toList();
    assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
  }

  @Test
  void aBatchAgainUnderItsKeyIsAnsweredAsBefore() throws Exception {
    String batch =
        "[" + GOOD.formatted("a") + "," + GOOD.formatted("a") + "," + GOOD.formatted("b") + "]";
    JsonNode made = json(keyed("/documents", "k-1", batch));
    assertThat(made.path("success")).hasSize(2);
    assertThat(made.path("failed")).hasSize(1);
    assertThat(json(keyed("/documents", "k-1", batch))).isEqualTo(made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "é"})
  void aKeyThatIsNoneIs400AndNamesTheHeader(String key) throws Exception {
    for (String bad : List.of(key, key.repeat(256))) {
      Response refused = keyed("/document", bad, GOOD.formatted("bad key"));
      assertThat(refused.getStatus()).isEqualTo(400);
      assertThat(json(refused).path("errors").path(0).path("pointer").asText())
          .isEqualTo("Idempotency-Key");
    }
    assertThat(store.all()).isEmpty();
  }

  @Test
  void whatOneHasSeenIsNotSentAgain() {
    Response made = post("/document", GOOD.formatted("tagged"));
    String tag = made.getHeaderString("ETag");
    String path = made.getLocation().getPath();
    assertThat(tag).startsWith("\"");
    assertThat(get(path).getHeaderString("ETag")).isEqualTo(tag);

    Response same = request(path, "archivist key").header("If-None-Match", "W/" + tag).get();
    assertThat(same.getStatus()).isEqualTo(304);
    assertThat(same.getHeaderString("ETag")).isEqualTo(tag);
    assertThat(request(path, "archivist key").header("If-None-Match", "\"x\"").get().getStatus())
        .isEqualTo(200);
    assertThat(request(path, "archivist key").header("If-None-Match", "x").get().getStatus())
        .isEqualTo(400);
  }

  @Test
  void onlyTheDocumentThatIsMeantIsDeleted() throws Exception {
    Response made = post("/document", GOOD.formatted("meant"));
    String path = made.getLocation().getPath();
    Response other = request(path, "archivist key").header("If-Match", "\"x\"").delete();
    assertThat(other.getStatus()).isEqualTo(412);
    assertThat(json(other).path("detail").asText()).startsWith("If-Match");
    assertThat(request(path, "archivist key").header("If-Match", "x").delete().getStatus())
        .isEqualTo(400);
    assertThat(get(path).getStatus()).isEqualTo(200);
    String tag = made.getHeaderString("ETag");
    assertThat(
            request(path, "archivist key").header("If-Match", "\"x\", " + tag).delete().getStatus())
        .isEqualTo(204);
    post("/document", GOOD.formatted("meant"));
    assertThat(request(path, "archivist key").header("If-Match", "*").delete().getStatus())
        .isEqualTo(204);
  }

  private Response keyed(String path, String key, String body) {
    return request(path, "archivist key").header("Idempotency-Key", key).post(Entity.json(body));
  }

  private Invocation.Builder request(String path, String key) {
    return http.target(path).request().header("Authorization", "Bearer " + key);
  }

  private Response get(String path) {
    return request(path, "archivist key").get();
  }

  private Response post(String path, String body) {
    return request(path, "archivist key").post(Entity.json(body));
  }

  private JsonNode json(Response response) throws Exception {
    return mapper.readTree(response.readEntity(String.class));
  }
}
