package dev.docket.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JWSAlgorithm;
import dev.docket.auth.Caller;
import dev.docket.auth.Owner;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.Scope;
import dev.docket.auth.key.ApiKey;
import dev.docket.auth.token.TokenIssuer;
import dev.docket.broker.BrokerNames;
import dev.docket.elastic.client.BatchLimits;
import dev.docket.guard.RequestRate;
import dev.docket.joblog.LogLimits;
import dev.docket.maintenance.RetentionSweep;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.task.Policy;
import dev.docket.task.TaskKey;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class ServerConfigTest {

  private static final Path SHIPPED =
      Path.of(System.getProperty("docket.root", ".."), "config.yml");

  @Test
  void shippedFileHasDefaultsOfCode() throws Exception {
    DocketConfig shipped =
        factory()
            .build(
                new SubstitutingSourceProvider(
                    new FileConfigurationSourceProvider(), new NoVariables()),
                SHIPPED.toString());
    DocketConfig empty = parse("server: {}");

    assertThat(sections(shipped)).usingRecursiveComparison().isEqualTo(sections(empty));
    assertThat(shipped.retention().ages()).as("by default nothing expires").isEmpty();
    assertThat(shipped.retention().audit()).isEqualTo(Duration.ofDays(365));
    assertThat(shipped.results().keptRuns()).isEqualTo(empty.results().keptRuns());
    assertThat(shipped.results().maxPayload()).isEqualTo(empty.results().maxPayload());
    assertThat(shipped.logs().limits()).isEqualTo(empty.logs().limits());
    assertThat(shipped.retention().logs()).isNull();
    assertThat(shipped.callers().maxNewKeys()).isEqualTo(empty.callers().maxNewKeys());
    assertThat(shipped.callers().maxPolledQueues()).isEqualTo(empty.callers().maxPolledQueues());
    assertThat(shipped.callers().rate()).isEqualTo(empty.callers().rate());
    assertThat(shipped.browsers().hosts()).isEqualTo(empty.browsers().hosts());
    assertThat(shipped.browsers().origins()).isEqualTo(empty.browsers().origins());
    assertThat(shipped.maxBody()).isEqualTo(empty.maxBody());
    assertThat(shipped.maxBodies()).isEqualTo(empty.maxBodies());
    assertThat(shipped.apiKeys()).isEqualTo(empty.apiKeys());
    assertThat(policy(shipped, "ASR")).isEqualTo(policy(empty, "ASR"));
  }

  private static List<Object> sections(DocketConfig config) {
    return List.of(
        config.elasticsearch(),
        config.broker(),
        config.sweeps(),
        config.retention(),
        config.access(),
        config.dane());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "''"})
  void emptySettingKeepsDefault(String value) throws Exception {
    String yaml =
        """
        elasticsearch: {user: #, password: #, apiKey: #, caCertificate: #, shards: #, replicas: #,
                        bulk: {requests: #}}
        broker: {prefix: #, maxUnconfirmed: #, management: #}
        tasks: {maxAttempts: #}
        dane: {publicUrl: #, port: {bindHost: #, port: #, enabled: #},
               store: {bindHost: #, port: #, inheritSocket: #}}
        """;
    assertDefaults(parse(yaml.replace("#", value)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null"})
  void omittedValueKeepsDefault(String value) throws Exception {
    String yaml =
        """
        elasticsearch: {urls: #, indexPrefix: #, connectTimeout: #, refreshInterval: #, bulk: #}
        broker: {uri: #, heartbeat: #, statisticsInterval: #}
        tasks: {protocol: #, backoff: #, timeout: #}
        sweeps: {overdue: #, recount: #}
        retention: {tasks: #, earlierResults: #, audit: #, logs: #}
        logs: {maxRun: #, maxRunLines: #}
        access: {required: #, basic: #, roles: #, tokens: #}
        dane: {port: #, store: {index: #}}
        """;
    assertDefaults(parse(yaml.replace("#", value)));
  }

  private static void assertDefaults(DocketConfig config) throws Exception {
    DocketConfig empty = parse("server: {}");
    assertThat(sections(config)).usingRecursiveComparison().isEqualTo(sections(empty));
    assertThat(policy(config, "ASR")).isEqualTo(policy(empty, "ASR"));
  }

  @Test
  void shippedFileConfiguresThreadsAndCompression() throws Exception {
    DefaultServerFactory server =
        (DefaultServerFactory)
            factory()
                .build(
                    new SubstitutingSourceProvider(
                        new FileConfigurationSourceProvider(), new NoVariables()),
                    SHIPPED.toString())
                .getServerFactory();
    HttpConnectorFactory connector =
        (HttpConnectorFactory) server.getApplicationConnectors().get(0);

    assertThat(server.getMaxThreads()).isEqualTo(256);
    assertThat(server.isEnableVirtualThreads()).isFalse();
    assertThat(connector.getSelectorThreads()).hasValue(2);
    assertThat(server.getGzipFilterFactory().getMinimumEntitySize().toBytes()).isEqualTo(2048);
    assertThat(server.getGzipFilterFactory().isSyncFlush()).isTrue();
  }

  @Test
  void readsEverySetting() throws Exception {
    DocketConfig config =
        parse(
            """
            elasticsearch:
              urls: "https://a:9200, https://b:9200"
              user: u
              password: p
              connectTimeout: 1s
              requestTimeout: 2s
              patience: 3s
              indexPrefix: x-
              shards: 2
              routingShards: 4
              replicas: 1
              refreshInterval: 5s
              segmentsPerTier: 6
              bulk: {requests: 3, items: 200, size: 1MiB}
            broker: {uri: "amqp://u:p@h:1/v", prefix: y., heartbeat: 4s, connectionTimeout: 5s,
                     maxUnconfirmed: 6, responsePrefetch: 7, management: "http://h:2", statisticsInterval: 8s}
            apiKeys:
              - name: me
                sha256: 0123456789012345678901234567890123456789012345678901234567890123
                roles: [admin, worker]
            tasks: {maxAttempts: 9, backoff: 1s, backoffMax: 2s, lease: 3s, timeout: 4s,
                    unansweredAfter: 5d, protocol: docket}
            keys:
              asr: {maxAttempts: 2}
            dane:
              port: {enabled: true, port: 9, bindHost: 127.0.0.3}
              publicUrl: https://archive.example/dane
              store: {enabled: true, port: 8, bindHost: 127.0.0.2, inheritSocket: true, index: dane-x}
            sweeps: {overdue: 1s, leases: 2s, unroutable: 3s, purge: 4s, backlog: 5s, unanswered: 6s,
                     census: 7s, waiting: 8s, counts: 9s, recount: 10m, retention: 11s,
                     payloads: 12s}
            retention: {tasks: 12d, documents: 13d, earlierResults: 14d, audit: 21d, logs: 22d}
            logs: {maxLineLength: 123, maxAppendLines: 124, maxAppend: 125KiB, maxRunLines: 126,
                   maxRun: 127MiB}
            results: {keptRuns: 15, maxPayload: 17MiB}
            callers: {maxNewKeys: 16, maxPolledQueues: 18, requestsPerSecond: 19, burst: 20}
            browsers: {hosts: [docket.example], origins: ["https://tools.example:8443"]}
            maxBody: 1KiB
            maxBodies: 2KiB
            adminPortKeySha256: 0123456789012345678901234567890123456789012345678901234567890abc
            """);

    assertThat(config.elasticsearch().settings().uris()).hasSize(2);
    assertThat(config.elasticsearch().indices().shards()).isEqualTo(2);
    assertThat(config.elasticsearch().indices().refreshInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.elasticsearch().indices().segmentsPerTier()).isEqualTo(6);
    assertThat(config.elasticsearch().bulk().limits())
        .isEqualTo(new BatchLimits(200, 1 << 20, 3, 4_000, 8 << 20));
    assertThat(config.broker().settings().host()).isEqualTo("h");
    assertThat(config.broker().settings().maxUnconfirmed()).isEqualTo(6);
    assertThat(config.broker().managementUri()).contains(URI.create("http://h:2"));
    assertThat(config.broker().lossDetection().minInterval()).hasSeconds(8);
    assertThat(config.dane().port().enabled()).isTrue();
    assertThat(config.dane().port().port()).isEqualTo(9);
    assertThat(config.dane().port().bindHost()).isEqualTo("127.0.0.3");
    assertThat(config.dane().publicAddress()).hasToString("https://archive.example/dane/");
    assertThat(config.dane().store().enabled()).isTrue();
    assertThat(config.dane().store().port()).isEqualTo(8);
    assertThat(config.dane().store().bindHost()).isEqualTo("127.0.0.2");
    assertThat(config.dane().store().inheritSocket()).isTrue();
    assertThat(config.dane().store().index()).isEqualTo("dane-x");
    assertThat(config.apiKeys().get(0).roles()).containsExactlyInAnyOrder("admin", "worker");
    assertThat(config.adminPortKeySha256())
        .hasValueSatisfying(hash -> assertThat(hash).endsWith("0abc"));
    assertThat(config.sweeps().purge.toSeconds()).isEqualTo(4);
    assertThat(config.sweeps().backlog.toSeconds()).isEqualTo(5);
    assertThat(config.sweeps().census.toSeconds()).isEqualTo(7);
    assertThat(config.sweeps().waiting.toSeconds()).isEqualTo(8);
    assertThat(config.sweeps().counts.toSeconds()).isEqualTo(9);
    assertThat(config.sweeps().retention.toSeconds()).isEqualTo(11);
    assertThat(config.retention().ages())
        .contains(new RetentionSweep.Ages(Duration.ofDays(12), Duration.ofDays(13)));
    assertThat(config.retention().earlierResults()).contains(Duration.ofDays(14));
    assertThat(config.retention().audit()).isEqualTo(Duration.ofDays(21));
    assertThat(config.retention().logs()).isEqualTo(Duration.ofDays(22));
    assertThat(config.logs().limits())
        .isEqualTo(new LogLimits(123, 124, 125 << 10, 126, 127 << 20));
    assertThat(config.results().keptRuns()).isEqualTo(15);
    assertThat(config.results().maxPayload()).isEqualTo(17 << 20);
    assertThat(config.callers().maxNewKeys()).isEqualTo(16);
    assertThat(config.callers().maxPolledQueues()).isEqualTo(18);
    assertThat(config.callers().rate()).isEqualTo(new RequestRate(19, 20));
    assertThat(config.browsers().hosts()).containsExactly("docket.example");
    assertThat(config.browsers().origins()).containsExactly("https://tools.example:8443");
    assertThat(config.sweeps().recount.toMinutes()).isEqualTo(10);
    assertThat(config.sweeps().payloads.toSeconds()).isEqualTo(12);
    assertThat(config.maxBody().toBytes()).isEqualTo(1024);
    assertThat(config.maxBodies().toBytes()).isEqualTo(2048);
    assertThat(policy(config, "NER"))
        .isEqualTo(
            new Policy(
                "docket",
                Policy.AckMode.CLAIMS,
                9,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                3,
                Duration.ofSeconds(4),
                Duration.ofDays(5),
                15));
    assertThat(policy(config, "ASR").maxAttempts()).isEqualTo(2);
    assertThat(policy(config, "ASR").leaseSeconds()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "elastic: {}|elastic",
        "elasticsearch: {shard: 1}|shard",
        "elasticsearch: {shards: 0}|shards",
        "elasticsearch: {indexPrefix: 'A'}|indexPrefix",
        "elasticsearch: {refreshInterval: 0s}|refreshInterval",
        "elasticsearch: {refreshInterval: 1500ms}|refreshInterval",
        "elasticsearch: {segmentsPerTier: 1}|segmentsPerTier",
        "elasticsearch: {bulk: {requests: 0}}|bulk.requests",
        "elasticsearch: {bulk: {items: 10001}}|bulk.items",
        "elasticsearch: {bulk: {size: 65MiB}}|bulk.size",
        "elasticsearch: {bulk: {bytes: 1}}|bytes",
        "maxBodies: 15MiB|maxBodies",
        "broker: {maxUnconfirmed: 0}|maxUnconfirmed",
        "tasks: {maxAttempts: 0}|maxAttempts",
        "tasks: {lease: 2h}|lease",
        "tasks: {lease: soon}|lease",
        "keys: {ASR: {maxAttempts: x}}|maxAttempts",
        "sweeps: {overdue: 1ms}|overdue",
        "sweeps: {census: 999ms}|census",
        "retention: {tasks: 23h}|tasks",
        "'retention: {tasks: 2d, documents: 0d}'|documents",
        "'retention: {documents: 2d}'|retention.documents",
        "retention: {results: 2d}|results",
        "retention: {audit: 23h}|retention.audit must be greater than or equal to 1 DAYS",
        "retention: {earlierResults: 23h}|retention.earlierResults must be greater than or equal to 1 DAYS",
        "sweeps: {payloads: 99ms}|sweeps.payloads must be greater than or equal to 100 MILLISECONDS",
        "callers: {maxNewKeys: 0}|callers.maxNewKeys must be greater than or equal to 1",
        "callers: {maxPolledQueues: 0}|callers.maxPolledQueues must be greater than or equal to 1",
        "callers: {requestsPerSecond: -1}|callers.requestsPerSecond must be greater than or equal to 0",
        "callers: {burst: 0}|callers.burst must be greater than or equal to 1",
        "'browsers: {hosts: [''a:80'']}'|must be a host name without a port",
        "'browsers: {origins: [''a'']}'|must have the form https://host or https://host:port",
        "retention: {logs: 23h}|retention.logs must be greater than or equal to 1 DAYS",
        "logs: {maxLineLength: 99}|logs.maxLineLength must be greater than or equal to 100",
        "logs: {maxAppendLines: 0}|logs.maxAppendLines must be greater than or equal to 1",
        "logs: {maxRun: 1023B}|logs.maxRun must be greater than or equal to 1 KIBIBYTES",
        "logs: {lines: 1}|lines",
        "results: {keptRuns: 0}|results.keptRuns must be greater than or equal to 1",
        "results: {keptRuns: 101}|results.keptRuns must be less than or equal to 100",
        "results: {maxPayload: 1023KiB}|results.maxPayload must be greater than or equal to 1 MEBIBYTES",
        "results: {maxPayload: 1025MiB}|results.maxPayload must be less than or equal to 1 GIBIBYTES",
        "results: {maxPayload: many}|maxPayload",
        "results: {runs: 1}|runs",
        "'keys: {''a b'': {}}'|keys",
        "'broker: {uri: ''http://x''}'|broker.uri",
        "'broker: {management: ''amqp://x''}'|broker.management",
        "'broker: {statisticsInterval: 500ms}'|broker.statisticsInterval",
        "'dane: {store: {port: 65536}}'|dane.store.port",
        "'dane: {port: {port: -1}}'|dane.port.port",
        "'dane: {port: {index: x}}'|index",
        "'dane: {publicUrl: ''ftp://a''}'|dane.publicUrl must have the form https://host/path",
        "'dane: {publicUrl: ''http://a/b?c''}'|dane.publicUrl must have the form https://host/path",
        "'dane: {store: {index: Upper}}'|index",
        "'elasticsearch: {urls: ''ftp://x''}'|elasticsearch",
        "'elasticsearch: {shards: 3, routingShards: 4}'|elasticsearch",
        "'apiKeys: [{name: me, sha256: x, roles: [admin]}]'|sha256",
        "adminPortKeySha256: secret|adminPortKeySha256 must be 64 lower-case hex digits",
        "'apiKeys: [{name: me, sha256: 0123456789012345678901234567890123456789012345678901234567890123, roles: [king]}]'|roles",
      })
  void rejectsUnknownOrInvalidSettingByName(String yaml, String field) {
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'tasks: {protocol: pigeon}'|tasks.protocol must be one of docket (was pigeon)",
        "'keys: {ASR: {protocol: pigeon}}'|keys.ASR.protocol must be one of docket (was pigeon)",
      })
  void rejectsUnknownWorkerProtocol(String yaml, String message) throws Exception {
    DocketConfig config = parse(yaml);
    assertThatThrownBy(() -> policy(config, "ASR")).hasMessage(message);
  }

  @Test
  void readsFormerNameOfProtocolAndWarns() throws Exception {
    DocketConfig config = parse("keys: {ASR: {courier: docket}}");
    Logger log = (Logger) LoggerFactory.getLogger(ConfiguredPolicies.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    log.addAppender(appender);
    try {
      assertThat(policy(config, "ASR").protocol()).isEqualTo("docket");
    } finally {
      log.detachAppender(appender);
    }
    assertThat(appender.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "The setting keys.ASR.courier is deprecated; replace it with protocol: docket");
  }

  @Test
  void rejectsProtocolUnderBothNames() {
    assertThatThrownBy(() -> parse("keys: {ASR: {protocol: docket, courier: docket}}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "keys[ASR].courier is the same setting as protocol: keep protocol and remove courier");
  }

  @Test
  void doesNotPrintSecrets() throws Exception {
    DocketConfig config = parse("broker: {uri: 'amqp://u:hush@h:1'}");
    assertThat(config.broker().settings() + " " + new Secret("hush")).doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "elasticsearch: {user: u, password: \"hu\"sh-1\"}|column",
        "broker: {uri: 'amqp://u:hush-1 x@h'}|broker.uri",
        "broker: 'amqp://u:hush-1@h'|broker",
        "elasticsearch: hush-1|elasticsearch",
        "elasticsearch: {password: [hush-1]}|elasticsearch.password",
        "elasticsearch: {urls: 'http://u:hush-1 x@h'}|elasticsearch",
      })
  void errorsOfConfigurationQuoteNoSecret(String yaml, String place) {
    assertThatThrownBy(() -> parse(yaml.replace("`", "")))
        .hasMessageContaining(place)
        .hasNoCause()
        .message()
        .doesNotContain("sh-1");
  }

  private static final String TOKENS =
      """
      access:
        tokens:
          - {issuer: 'https://id.example/', audience: docket, algorithms: [%s], %s}
      """;

  private static final String SECRET =
      Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(UTF_8));

  @Test
  void readsAccessSettings() throws Exception {
    DocketConfig config =
        parse(
            """
            access:
              required: true
              basic: false
              roles:
                archivist: {sees: group, changes: own}
                analyst: {sees: own, changes: own}
              tokens:
                - issuer: https://id.example/
                  audience: docket
                  algorithms: [RS256, ES256]
                  jwksUrl: https://id.example/jwks
                  jwksRefresh: 1m
                  leeway: 3s
                  nameClaim: email
                  rolesClaim: realm_access.roles
                  roleMap: {curators: archivist, 'admins of docket': admin}
                  defaultRoles: [analyst]
                  groupClaim: team
                - {issuer: scripts, audience: docket, algorithms: [HS256], secret: %s,
                   defaultRoles: [worker]}
            """
                .formatted(SECRET));

    assertThat(config.requiresCredentials()).isTrue();
    assertThat(config.access().requiresCredentials()).isTrue();
    assertThat(config.access().basic()).isFalse();
    assertThat(config.access().rules().caller("a", "g", Set.of("archivist"), null))
        .isEqualTo(
            new Caller(
                "a",
                "g",
                Set.of("archivist"),
                null,
                new OwnerFilter(Scope.GROUP, "a", "g"),
                new OwnerFilter(Scope.OWN, "a", null)));
    assertThat(config.access().issuers().get(0))
        .isEqualTo(
            new TokenIssuer(
                "https://id.example/",
                "docket",
                Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256),
                new TokenIssuer.KeySet(
                    URI.create("https://id.example/jwks"), Duration.ofMinutes(1)),
                Duration.ofSeconds(3),
                new TokenIssuer.Claims(
                    "email",
                    "realm_access.roles",
                    Map.of("curators", "archivist", "admins of docket", "admin"),
                    Set.of("analyst"),
                    "team")));
    TokenIssuer scripts = config.access().issuers().get(1);
    assertThat(scripts.leeway()).isEqualTo(Duration.ofSeconds(10));
    assertThat(scripts.keys()).isEqualTo(new TokenIssuer.SharedSecret(SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access: {required: true}",
        "apiKeys: [{name: a, sha256: '%1$s', roles: [admin]}]",
        "access: {tokens: [{issuer: i, audience: a, algorithms: [RS256], defaultRoles: [worker],"
            + " jwksUrl: 'http://127.0.0.1:1/'}]}"
      })
  void keysOrIssuersOrSettingRequireCredentials(String yaml) throws Exception {
    assertThat(parse(yaml.formatted("0".repeat(64))).requiresCredentials()).isTrue();
    assertThat(parse("access: {basic: true}").requiresCredentials()).isFalse();
  }

  @Test
  void readsLimitsOfKeys() throws Exception {
    DocketConfig config =
        parse(
            """
            apiKeys:
              - {name: a, sha256: '%1$s', roles: [worker], group: radio, taskKeys: [ASR],
                 expires: 2027-01-31T00:00:00Z}
              - {name: b, sha256: '%1$s', roles: [admin]}
            """
                .formatted("0".repeat(64)));
    assertThat(config.apiKeys())
        .containsExactly(
            new ApiKey(
                "a",
                "0".repeat(64),
                Set.of("worker"),
                "radio",
                Set.of("ASR"),
                Instant.parse("2027-01-31T00:00:00Z")),
            new ApiKey("b", "0".repeat(64), Set.of("admin")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "taskKeys: [asr]|taskKeys",
        "taskKeys: []|taskKeys",
        "expires: tomorrow|expires",
        "group: 'a b'|group"
      })
  void rejectsInvalidLimitsOfKeys(String setting, String name) {
    assertThatThrownBy(
            () ->
                parse(
                    "apiKeys: [{name: a, sha256: '%s', roles: [worker], %s}]"
                        .formatted("0".repeat(64), setting)))
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "archivist: {sees: own, changes: group}|roles.archivist changes must not exceed sees",
        "worker: {sees: group, changes: all}|roles.worker changes must not exceed sees",
        "curator: {sees: own, changes: own}|must be one of archivist, worker, analyst",
        "admin: {sees: own, changes: own}|must be one of archivist, worker, analyst",
        "worker: {sees: some}|sees"
      })
  void rejectsInvalidRules(String rule, String message) {
    assertThatThrownBy(() -> parse("access: {required: true, roles: {%s}}".formatted(rule)))
        .hasMessageContaining(message);
  }

  @Test
  void rejectsRulesWithoutEffect() {
    assertThatThrownBy(() -> parse("access: {roles: {archivist: {sees: own}}}"))
        .hasMessageContaining("access.roles has no effect")
        .hasMessageContaining("set access.required, or configure apiKeys or access.tokens");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access: {required: true, roles: {archivist: {sees: own}}}",
        "access: {roles: {archivist: {sees: own}}, tokens: [{issuer: i, audience: a,"
            + " algorithms: [RS256], defaultRoles: [worker], jwksUrl: 'https://h/'}]}",
        "{access: {roles: {archivist: {sees: own}}}, apiKeys: [{name: a, sha256:"
            + " '0000000000000000000000000000000000000000000000000000000000000000',"
            + " roles: [admin]}]}"
      })
  void acceptsRulesIfRequestsNeedCredentials(String yaml) throws Exception {
    assertThat(parse(yaml).requiresCredentials()).isTrue();
  }

  @Test
  void rejectsKeyNamedAsCallersWithoutCredentials() {
    assertThatThrownBy(
            () ->
                parse(
                    "apiKeys: [{name: anonymous, sha256: '%s', roles: [worker]}]"
                        .formatted("0".repeat(64))))
        .hasMessageContaining("apiKeys: name must not be anonymous");
  }

  @Test
  void roleChangesWhatItSeesIfNothingElseIsSet() throws Exception {
    DocketConfig config = parse("access: {required: true, roles: {archivist: {sees: group}}}");
    Caller ann = config.access().rules().caller("ann", "film", Set.of("archivist"), null);
    assertThat(ann.changes()).isEqualTo(ann.sees());
    assertThat(ann.sees().includes(new Owner("bob", "film"))).isTrue();
    assertThat(ann.sees().includesAll()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RS256|defaultRoles: [worker]|secret or jwksUrl is required",
        "RS256|defaultRoles: [worker], secret: x, jwksUrl: 'https://h/'|secret or jwksUrl",
        "HS256|defaultRoles: [worker], jwksUrl: 'https://h/'|algorithms must be some of ES256",
        "none|defaultRoles: [worker], jwksUrl: 'https://h/'|algorithms must be some of ES256",
        "RS256|defaultRoles: [worker], secret: eHg=|algorithms must be some of HS256",
        "HS256|defaultRoles: [worker], secret: eHg=|secret must have at least 32 bytes",
        "HS256|defaultRoles: [worker], secret: 'hush!hush'|secret must be base64",
        "RS256|defaultRoles: [worker], jwksUrl: 'http://h/'|jwksUrl must have the form",
        "RS256|defaultRoles: [worker], jwksUrl: 'ftp://h/'|jwksUrl must have the form",
        "RS256|defaultRoles: [worker], jwksUrl: 'https://u:hush@h/'|jwksUrl must have the form",
        "RS256|defaultRoles: [boss], jwksUrl: 'https://h/'|must be one of",
        "RS256|rolesClaim: r, roleMap: {x: boss}, jwksUrl: 'https://h/'|must be one of",
        "RS256|rolesClaim: r, jwksUrl: 'https://h/'|rolesClaim and roleMap",
        "RS256|roleMap: {x: admin}, jwksUrl: 'https://h/'|rolesClaim and roleMap",
        "RS256|jwksUrl: 'https://h/'|defaultRoles is required",
        "RS256|defaultRoles: [worker], jwksUrl: 'https://h/', leeway: 6m|leeway",
        "RS256|defaultRoles: [worker], jwksUrl: 'https://h/', jwksRefresh: 1s|jwksRefresh",
        "''|defaultRoles: [worker], jwksUrl: 'https://h/'|algorithms"
      })
  void rejectsInvalidTokenSettings(String algorithms, String more, String message) {
    assertThatThrownBy(() -> parse(TOKENS.formatted(algorithms, more)))
        .hasMessageContaining(message)
        .message()
        .doesNotContain("hush");
  }

  @Test
  void rejectsTwoIssuersOfOneName() {
    String issuer =
        "{issuer: i, audience: a, algorithms: [RS256], defaultRoles: [worker], jwksUrl: 'https://h/'}";
    assertThatThrownBy(() -> parse("access: {tokens: [%s, %s]}".formatted(issuer, issuer)))
        .hasMessageContaining("two entries with the issuer i");
  }

  @Test
  void bindsToLoopbackWithoutApiKeys() throws Exception {
    DocketConfig config = parse("server: {applicationConnectors: [{type: http, port: 1}]}");
    BindAddressCheck.loopbackOnlyWithoutKeys(config.getServerFactory(), config.dane().ports());
    DefaultServerFactory server = (DefaultServerFactory) config.getServerFactory();
    HttpConnectorFactory connector =
        (HttpConnectorFactory) server.getApplicationConnectors().get(0);
    assertThat(connector.getBindHost()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
  void rejectsOtherAddressWithoutApiKeys(String host) throws Exception {
    DocketConfig config =
        parse("server: {applicationConnectors: [{type: http, port: 1, bindHost: '" + host + "'}]}");
    assertThatThrownBy(
            () ->
                BindAddressCheck.loopbackOnlyWithoutKeys(
                    config.getServerFactory(), config.dane().ports()))
        .hasMessageContaining("bindHost")
        .hasMessageContaining("apiKeys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"port", "store"})
  void rejectsOtherAddressOfDanePortWithoutApiKeys(String port) throws Exception {
    DocketConfig config = parse("dane: {%s: {enabled: true, bindHost: 0.0.0.0}}".formatted(port));
    assertThatThrownBy(
            () ->
                BindAddressCheck.loopbackOnlyWithoutKeys(
                    config.getServerFactory(), config.dane().ports()))
        .hasMessageContaining("dane." + port + ".bindHost")
        .hasMessageContaining("apiKeys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
  void rejectsOtherAddressOfAdminPortWithoutKey(String host) throws Exception {
    DocketConfig config =
        parse("server: {adminConnectors: [{type: http, port: 1, bindHost: '" + host + "'}]}");
    assertThat(config.adminPortKeySha256()).isEmpty();
    assertThatThrownBy(
            () -> BindAddressCheck.loopbackOnlyWithoutAdminKey(config.getServerFactory()))
        .hasMessage(
            "server.adminConnectors.bindHost must be a loopback address because adminPortKeySha256"
                + " is not configured (was "
                + host
                + "); create a key with the command new-key --admin-port, or bind to 127.0.0.1");
  }

  @Test
  void bindsAdminPortToLoopbackWithoutKey() throws Exception {
    DocketConfig config =
        parse("server: {adminConnectors: [{type: http, port: 1}, {type: http, bindHost: '::1'}]}");
    BindAddressCheck.loopbackOnlyWithoutAdminKey(config.getServerFactory());
    DefaultServerFactory server = (DefaultServerFactory) config.getServerFactory();
    assertThat(server.getAdminConnectors())
        .extracting(connector -> ((HttpConnectorFactory) connector).getBindHost())
        .containsExactly("127.0.0.1", "::1");
  }

  private static Policy policy(DocketConfig config, String key) {
    WorkerProtocols protocols =
        WorkerProtocols.of(new BrokerNames(""), List.of(DocketProtocol::new));
    return new ConfiguredPolicies(
            config.tasks(), config.keys(), protocols, config.results().keptRuns())
        .of(TaskKey.fromString(key));
  }

  static DocketConfig parse(String yaml) throws Exception {
    return factory()
        .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yml");
  }

  private static ConfigurationReader<DocketConfig> factory() {
    return new ConfigurationReader<>(
        DocketConfig.class, Validators.newValidator(), DocketApplication.configMapper(), "dw");
  }

  /** Ignores the environment variables of the test run. */
  private static final class NoVariables extends EnvironmentVariableSubstitutor {
    private NoVariables() {
      super(false);
      setVariableResolver(
          org.apache.commons.text.lookup.StringLookupFactory.INSTANCE.mapStringLookup(Map.of()));
    }
  }
}
