package dev.docket.elastic.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.CannedResponse;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.elasticsearch.client.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ElasticClientsTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private static ElasticSettings settings(
      URI uri, ElasticSettings.@Nullable Credentials credentials, @Nullable Path certificate) {
    return new ElasticSettings(
        List.of(uri), credentials, certificate, Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  private static String authorization(ElasticSettings.@Nullable Credentials credentials) {
    try (FakeElasticsearch fake = FakeElasticsearch.start(call -> new CannedResponse(200, "{}"));
        ElasticClients clients = ElasticClients.open(settings(fake.uri(), credentials, null))) {
      new ElasticHttp(clients.rest()).call("GET", "/", null);
      return fake.calls().get(0).authorization();
    }
  }

  @Test
  void sendsCredentialsWithEveryRequest() {
    assertThat(authorization(new ElasticSettings.User("docket", "sécret")))
        .isEqualTo("Basic ZG9ja2V0OnPDqWNyZXQ=");
    assertThat(authorization(new ElasticSettings.ApiKey("abc=="))).isEqualTo("ApiKey abc==");
    assertThat(authorization(null)).isNull();
  }

  @Test
  void toStringOmitsSecrets() {
    ElasticSettings settings =
        settings(
            URI.create("http://localhost:9200"), new ElasticSettings.User("me", "hidden"), null);
    assertThat(settings.toString()).contains("me").doesNotContain("hidden");
    assertThat(new ElasticSettings.ApiKey("hidden").toString()).doesNotContain("hidden");
  }

  @Test
  void prefixesEveryRequestWithPathOfUri() {
    try (FakeElasticsearch fake = FakeElasticsearch.start(call -> new CannedResponse(200, "{}"));
        ElasticClients clients =
            ElasticClients.open(ElasticSettings.of(URI.create(fake.uri() + "/elastic")))) {
      new ElasticHttp(clients.rest()).call("GET", "/_alias/x", null);
      assertThat(fake.calls().get(0).path()).isEqualTo("/elastic/_alias/x");
    }
  }

  @Test
  void rejectsInvalidSettings() {
    for (String uri : List.of("localhost:9200", "ftp://localhost", "http:///path")) {
      assertThatIllegalArgumentException()
          .as(uri)
          .isThrownBy(() -> ElasticSettings.of(URI.create(uri)));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(URI.create("http://localhost"), null, Path.of("ca.pem")));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ElasticClients.open(
                    settings(URI.create("https://localhost"), null, Path.of("nowhere.pem"))));
  }

  @Test
  void trustsOnlyNodesOfConfiguredCertificateAuthority(@TempDir Path dir) throws Exception {
    KeyStore keys = keys(dir, "CN=localhost", "keys");
    Path trusted = pem(dir, keys.getCertificate("key"), "trusted.pem");
    Path other = pem(dir, keys(dir, "CN=other", "others").getCertificate("key"), "other.pem");
    HttpsServer server = server(keys);
    try {
      URI uri = URI.create("https://localhost:" + server.getAddress().getPort());
      try (ElasticClients clients = ElasticClients.open(settings(uri, null, trusted))) {
        assertThat(new ElasticHttp(clients.rest()).call("GET", "/", null).status()).isEqualTo(204);
      }
      try (ElasticClients clients = ElasticClients.open(settings(uri, null, other))) {
        assertThat(
                new ElasticHttp(clients.rest()).send(new Request("GET", "/")).toCompletableFuture())
            .failsWithin(Duration.ofSeconds(30));
      }
    } finally {
      server.stop(0);
    }
  }

  private static HttpsServer server(KeyStore keys) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext ssl = SSLContext.getInstance("TLS");
    ssl.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(ssl));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static KeyStore keys(Path dir, String name, String file) throws Exception {
    Path store = dir.resolve(file + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                name,
                "-ext",
                "san=dns:localhost",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private static Path pem(Path dir, Certificate certificate, String file) throws Exception {
    return Files.writeString(
        dir.resolve(file),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }
}
