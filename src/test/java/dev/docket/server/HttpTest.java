package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.audit.MemoryAuditStore;
import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.auth.key.ApiKey;
import dev.docket.document.AuditedDocuments;
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

/** Errors, API keys and bodies over HTTP, with the document resource as the example. */
@ExtendWith(DropwizardExtensionsSupport.class)
final class HttpTest {

  private static final String VALID =
      """
      {"target":{"id":"%s","url":"file:///x","type":"Text","shelf":[1,{"a":null}]},
       "creator":{"id":"me","type":"Human","name":"М. Э."},"metadata":{"n":1.50}}
      """;

  private final MemoryDocumentStore store = new MemoryDocumentStore();
  private final MemoryAuditStore audit = new MemoryAuditStore();
  private final DocumentService documents =
      new DocumentService(store, Clock.systemUTC(), () -> UUID.randomUUID().toString());
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
                  TestKeys.authenticator(
                      new ApiKey("in", ApiKey.hash("archivist key"), Set.of("archivist")),
                      new ApiKey("ad", ApiKey.hash("admin key"), Set.of("admin")),
                      new ApiKey("an", ApiKey.hash("analyst key"), Set.of("analyst"))),
                  RejectionListener.NONE))
          .addResource(
              new DocumentResource(
                  documents,
                  new AuditedDocuments(documents, audit.log()),
                  new RequestBodyReader(mapper, validator),
                  new ArrayBatch(mapper),
                  new NdjsonBatch(mapper)))
          .addResource(new ProbeResource(Optional::empty, () -> Optional.of("it is down")))
          .addResource(new BrokenResource())
          .build();

  /** A resource that throws an unexpected exception. */
  @Path("/broken")
  public static final class BrokenResource {
    @GET
    @jakarta.annotation.security.PermitAll
    public String get(@jakarta.ws.rs.QueryParam("x") String x) {
      return java.util.Objects.requireNonNull(x, "secret internals");
    }
  }

  @Test
  void createsAndReadsDocument() throws Exception {
    Response created = post("/document", VALID.formatted("опись 1"));
    assertThat(created.getStatus()).isEqualTo(201);
    String body = created.readEntity(String.class);
    JsonNode document = mapper.readTree(body);
    assertThat(created.getHeaderString("Location"))
        .endsWith("/document/" + document.path("id").asText());

    String read = get(created.getLocation().getPath()).readEntity(String.class);

    assertThat(read).isEqualTo(body).contains("\"shelf\":[1,{\"a\":null}]").contains("\"n\":1.50");
    assertThat(document.path("target").path("id").asText()).isEqualTo("опись 1");
    assertThat(document.path("created_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  }

  @Test
  void rejectsSamePairWith409AndExistingId() throws Exception {
    JsonNode first = json(post("/document", VALID.formatted("twice")));
    Response second = post("/document", VALID.formatted("twice"));
    assertThat(second.getStatus()).isEqualTo(409);
    assertThat(json(second).path("existing")).isEqualTo(first.path("id"));
    assertThat(store.all()).hasSize(1);
  }

  @Test
  void assignsDifferentIdsToPairsWithSameFirstId() throws Exception {
    String pair =
        "{\"target\":{\"id\":\"%s\",\"url\":\"x\",\"type\":\"Text\"},"
            + "\"creator\":{\"id\":\"%s\",\"type\":\"Human\"}}";
    JsonNode first = json(post("/document", pair.formatted("ab", "c")));
    JsonNode other = json(post("/document", pair.formatted("a", "bc")));
    assertThat(first.path("id")).isNotEqualTo(other.path("id"));
    assertThat(post("/document", pair.formatted("a", "bc")).getStatus()).isEqualTo(409);
    assertThat(post("/document", pair.formatted("ab", "c")).getStatus()).isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"target\":{\"id\":1,\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/id|string",
        "{\"target\":{\"id\":\"\",\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/id|8192",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/type|Dataset",
        "{\"target\":{\"id\":\"1\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target/url|null",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"Text\"}}|/creator|null",
        "{\"target\":[],\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}|/target|object",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"},\"a/b~\":1}|/a~1b~0|known",
        "{\"target\":{\"id\":\"1\",\"url\":\"x\",\"type\":\"Text\"},\"creator\":{\"id\":\"c\",\"type\":\"Human\"},\"metadata\":3}|/metadata|object",
      })
  void rejectsInvalidFieldWithPointerAndAllowedValues(
      String body, String pointer, String expectedText) throws Exception {
    Response refused = post("/document", body);
    assertThat(refused.getStatus()).isEqualTo(400);
    assertThat(refused.getMediaType().toString()).isEqualTo("application/problem+json");
    JsonNode error = json(refused).path("errors").path(0);
    assertThat(error.path("pointer").asText()).isEqualTo(pointer);
    assertThat(error.path("detail").asText()).contains(expectedText);
    assertThat(store.all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{|line 1", "{\"metadata\":{\"a\":1,\"a\":2}}|Duplicate", "{} {}|body", "nope|nope"})
  void rejectsMalformedJsonWithPosition(String body, String expectedText) throws Exception {
    Response refused = post("/document", body);
    assertThat(refused.getStatus()).isEqualTo(400);
    assertThat(refused.readEntity(String.class)).contains(expectedText).doesNotContain("jackson");
  }

  @Test
  void limitsTextsToEightKibibytes() {
    assertThat(post("/document", VALID.formatted("я".repeat(4096))).getStatus()).isEqualTo(201);
    assertThat(post("/document", VALID.formatted("я".repeat(4096) + "x")).getStatus())
        .isEqualTo(400);
  }

  @Test
  void rejectsTooLargeBody() throws Exception {
    Response refused = post("/document", " ".repeat(10_001));
    assertThat(refused.getStatus()).isEqualTo(413);
    assertThat(json(refused).path("detail").asText()).contains("10000");
  }

  @Test
  void handlesBatchItemsIndependently() throws Exception {
    Response response =
        post(
            "/documents",
            "["
                + VALID.formatted("a")
                + ",7,"
                + VALID.formatted("a")
                + ","
                + VALID.formatted("b")
                + "]");
    assertThat(response.getStatus()).isEqualTo(200);
    JsonNode body = json(response);
    assertThat(body.path("success")).hasSize(2);
    assertThat(body.path("failed")).hasSize(2);
    assertThat(body.path("failed").get(0).path("index").asInt()).isEqualTo(1);
    assertThat(body.path("failed").get(0).path("status").asInt()).isEqualTo(400);
    assertThat(body.path("failed").get(1).path("status").asInt()).isEqualTo(409);
    assertThat(body.path("failed").get(1).has("existing")).isTrue();
  }

  @Test
  void respondsWith404ForUnknownDocument() throws Exception {
    assertThat(get("/document/unknown").getStatus()).isEqualTo(404);
    Response malformed = get("/document/no%20id");
    assertThat(malformed.getStatus()).isEqualTo(404);
    assertThat(json(malformed).path("detail").asText()).contains("A-Z a-z 0-9 _ -");
    assertThat(get("/nowhere").getStatus()).isEqualTo(404);
  }

  @Test
  void registersDeletedDocumentAgain() throws Exception {
    JsonNode created = json(post("/document", VALID.formatted("gone")));
    String path = "/document/" + created.path("id").asText();
    assertThat(request(path, "archivist key").delete().getStatus()).isEqualTo(204);
    assertThat(get(path).getStatus()).isEqualTo(404);
    assertThat(request(path, "archivist key").delete().getStatus()).isEqualTo(404);
    JsonNode second = json(post("/document", VALID.formatted("gone")));
    assertThat(second.path("id")).isEqualTo(created.path("id"));
    assertThat(second.path("predecessor").path("created_at")).isEqualTo(created.path("created_at"));
  }

  @Test
  void probesRequireNoApiKey() {
    assertThat(http.target("/health").request().get().getStatus()).isEqualTo(200);
    Response ready = http.target("/ready").request().get();
    assertThat(ready.getStatus()).isEqualTo(500);
    assertThat(ready.readEntity(String.class)).contains("it is down");
    assertThat(http.target("/health").request().header("Authorization", "Bearer x").get())
        .extracting(Response::getStatus)
        .isEqualTo(200);
  }

  @Test
  void rejectsMissingKeyWith401AndMissingRoleWith403() throws Exception {
    Response unauthenticated = http.target("/document/x").request().get();
    assertThat(unauthenticated.getStatus()).isEqualTo(401);
    assertThat(unauthenticated.getHeaderString("WWW-Authenticate")).startsWith("Bearer");
    assertThat(json(unauthenticated).path("status").asInt()).isEqualTo(401);
    assertThat(request("/document/x", "a wrong key").get().getStatus()).isEqualTo(401);
    assertThat(request("/document/x", "analyst key").get().getStatus()).isEqualTo(404);
    Response analyst = request("/document", "analyst key").post(Entity.json(VALID.formatted("no")));
    assertThat(analyst.getStatus()).isEqualTo(403);
    assertThat(json(analyst).path("detail").asText()).contains("role");
    assertThat(store.all()).isEmpty();
  }

  @Test
  void acceptsApiKeyAsPassword() {
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
  void rejectsOtherMethodsAndTypesWithProblem() throws Exception {
    Response put = request("/document", "archivist key").put(Entity.json("{}"));
    assertThat(put.getStatus()).isEqualTo(405);
    assertThat(put.getHeaderString("Allow")).contains("POST");
    assertThat(json(put).path("status").asInt()).isEqualTo(405);
    Response text = request("/document", "archivist key").post(Entity.text("x"));
    assertThat(text.getStatus()).isEqualTo(415);
    assertThat(json(text).path("status").asInt()).isEqualTo(415);
  }

  @Test
  void hidesDetailsOfUnexpectedException() throws Exception {
    Response response = request("/broken", "archivist key").get();
    assertThat(response.getStatus()).isEqualTo(500);
    JsonNode body = json(response);
    assertThat(body.path("id").asText()).hasSize(36);
    assertThat(body.toString()).doesNotContain("secret").doesNotContain("NullPointer");
  }

  @Test
  void unexpectedExceptionHasIdOfRequest() throws Exception {
    Response response =
        request("/broken", "archivist key").header("X-Request-Id", "request-7").get();
    assertThat(json(response).path("id").asText()).isEqualTo("request-7");
  }

  @Test
  void repeatsResponseForSameIdempotencyKey() throws Exception {
    Response created = postWithKey("/document", "k-1", VALID.formatted("once"));
    Response second = postWithKey("/document", "k-1", VALID.formatted("once"));
    assertThat(second.getStatus()).isEqualTo(201);
    assertThat(second.getHeaderString("Location")).isEqualTo(created.getHeaderString("Location"));
    assertThat(second.readEntity(String.class)).isEqualTo(created.readEntity(String.class));
    assertThat(store.all()).hasSize(1);

    assertThat(postWithKey("/document", "k-2", VALID.formatted("once")).getStatus()).isEqualTo(409);
    assertThat(post("/document", VALID.formatted("once")).getStatus()).isEqualTo(409);
    Response other =
        postWithKey("/document", "k-1", VALID.formatted("once").replace("\"n\":1.50", "\"n\":2"));
    assertThat(other.getStatus()).isEqualTo(422);
    assertThat(json(other).path("detail").asText()).contains("Idempotency-Key");
  }

  @Test
  void idempotencyKeysOfCallersAreSeparate() {
    postWithKey("/document", "k-1", VALID.formatted("separate"));
    Response other =
        request("/document", "admin key")
            .header("Idempotency-Key", "k-1")
            .post(Entity.json(VALID.formatted("separate")));
    assertThat(other.getStatus()).isEqualTo(409);
  }

  @Test
  void concurrentRequestsWithOneKeyCreateOneDocument() {
    List<CompletableFuture<String>> all =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () ->
                            postWithKey("/document", "k-1", VALID.formatted("at once"))
                                .readEntity(String.class)))
            .limit(6)
            .toList();
    assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
  }

  @Test
  void repeatsBatchResponseForSameIdempotencyKey() throws Exception {
    String batch =
        "[" + VALID.formatted("a") + "," + VALID.formatted("a") + "," + VALID.formatted("b") + "]";
    JsonNode created = json(postWithKey("/documents", "k-1", batch));
    assertThat(created.path("success")).hasSize(2);
    assertThat(created.path("failed")).hasSize(1);
    assertThat(json(postWithKey("/documents", "k-1", batch))).isEqualTo(created);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "é"})
  void rejectsInvalidIdempotencyKey(String key) throws Exception {
    for (String invalidKey : List.of(key, key.repeat(256))) {
      Response refused = postWithKey("/document", invalidKey, VALID.formatted("bad key"));
      assertThat(refused.getStatus()).isEqualTo(400);
      assertThat(json(refused).path("errors").path(0).path("pointer").asText())
          .isEqualTo("Idempotency-Key");
    }
    assertThat(store.all()).isEmpty();
  }

  @Test
  void respondsWith304ForMatchingETag() {
    Response created = post("/document", VALID.formatted("tagged"));
    String tag = created.getHeaderString("ETag");
    String path = created.getLocation().getPath();
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
  void deletesOnlyMatchingETag() throws Exception {
    Response created = post("/document", VALID.formatted("conditional"));
    String path = created.getLocation().getPath();
    Response other = request(path, "archivist key").header("If-Match", "\"x\"").delete();
    assertThat(other.getStatus()).isEqualTo(412);
    assertThat(json(other).path("detail").asText()).startsWith("If-Match");
    assertThat(request(path, "archivist key").header("If-Match", "x").delete().getStatus())
        .isEqualTo(400);
    assertThat(get(path).getStatus()).isEqualTo(200);
    String tag = created.getHeaderString("ETag");
    assertThat(
            request(path, "archivist key").header("If-Match", "\"x\", " + tag).delete().getStatus())
        .isEqualTo(204);
    post("/document", VALID.formatted("conditional"));
    assertThat(request(path, "archivist key").header("If-Match", "*").delete().getStatus())
        .isEqualTo(204);
  }

  private Response postWithKey(String path, String key, String body) {
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
