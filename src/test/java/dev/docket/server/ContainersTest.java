package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** compose.yaml and Containerfile are consistent with the rest of the repository. */
final class ContainersTest {

  private static final Path ROOT = Path.of(System.getProperty("docket.root", ".."));
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)(?::-([^}]*))?}");
  private static final List<String> OWN_SERVICES = List.of("docket", "workers");

  private final JsonNode services = yaml("compose.yaml").path("services");
  private final String config = text("config.yml");

  @Test
  void serverGetsOnlyVariablesOfItsConfiguration() {
    Set<String> known = variables(config).keySet();

    assertThat(known).containsAll(names(services.path("docket").path("environment")));
    assertThat(known).containsAll(imageEnvironment());
  }

  @Test
  void workersGetOnlyVariablesThatTheyRead() {
    String workers = text("examples/src/main/java/dev/docket/examples/ExampleWorkers.java");

    assertThat(names(services.path("workers").path("environment")))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(workers).contains('"' + name + '"'));
  }

  @Test
  void portsMatchConfiguration() {
    Map<String, String> defaults = variables(config);

    assertThat(ports("docket"))
        .extracting(port -> port.substring(port.lastIndexOf(':') + 1))
        .containsExactly(defaults.get("DOCKET_PORT"), defaults.get("DOCKET_ADMIN_PORT"));
    assertThat(text("Containerfile"))
        .contains(
            "\nEXPOSE "
                + defaults.get("DOCKET_PORT")
                + " "
                + defaults.get("DOCKET_ADMIN_PORT")
                + "\n");
    assertThat(text("scripts/ready")).contains("${DOCKET_PORT:-" + defaults.get("DOCKET_PORT"));
    assertThat(services.at("/workers/environment/DOCKET_SERVER").asText())
        .isEqualTo("http://docket:" + defaults.get("DOCKET_PORT"));
  }

  @Test
  void publishesPortsOnLoopbackOnly() {
    services.fieldNames().forEachRemaining(this::assertOnLoopback);
  }

  private void assertOnLoopback(String service) {
    assertThat(ports(service)).as(service).allMatch(port -> port.startsWith("127.0.0.1:"));
    assertThat(services.path(service).has("network_mode")).as(service).isFalse();
  }

  @Test
  void usesTestedImages() throws IOException {
    Properties tested = new Properties();
    tested.load(
        new StringReader(
            text("backends/src/main/resources/dev/docket/backends/images.properties")));
    Matcher version =
        Pattern.compile("<elasticsearch.version>(.+)</elasticsearch.version>")
            .matcher(text("pom.xml"));
    assertThat(version.find()).isTrue();
    String elasticsearch =
        tested.getProperty("elasticsearch").replace("${elasticsearch.version}", version.group(1));

    assertThat(image("elasticsearch")).isEqualTo(elasticsearch);
    assertThat(image("kibana"))
        .isEqualTo(elasticsearch.replace("elasticsearch/elasticsearch", "kibana/kibana"));
    assertThat(image("rabbitmq")).isEqualTo("docker.io/library/" + tested.getProperty("rabbitmq"));
  }

  @Test
  void everyServiceHasMemoryLimitAndRestarts() {
    for (JsonNode service : services) {
      assertThat(service.path("mem_limit").asText()).matches("[0-9]+[mg]");
      assertThat(service.path("restart").asText()).isEqualTo("unless-stopped");
      for (JsonNode needed : service.path("depends_on")) {
        assertThat(needed.path("condition").asText()).isEqualTo("service_healthy");
      }
      service
          .path("depends_on")
          .fieldNames()
          .forEachRemaining(
              name -> assertThat(services.path(name).has("healthcheck")).as(name).isTrue());
    }
  }

  @Test
  void ownImagesAreTargetsOfContainerfile() {
    for (String service : OWN_SERVICES) {
      JsonNode build = services.path(service).path("build");
      assertThat(text(build.path("dockerfile").asText()))
          .containsPattern("(?m)^FROM java AS " + build.path("target").asText() + "$");
    }
  }

  @Test
  void secretsHaveNoDefaultAndScriptGeneratesThem() {
    Map<String, String> variables = variables(text("compose.yaml").replace(":?", ":-"));
    String script = text("scripts/compose-env");
    for (String name : variables.keySet()) {
      assertThat(script).as("sets or mentions %s", name).containsPattern("(?m)^#?" + name + "=");
      if (name.matches(".*(PASSWORD|KEY|KEYS)")) {
        assertThat(text("compose.yaml")).doesNotContain("${" + name + ":-");
      }
    }
  }

  @Test
  void copiedFilesAreNotIgnored() {
    List<String> included =
        text(".dockerignore").lines().filter(line -> line.startsWith("!")).toList();
    assertThat(included).contains("!config.yml", "!scripts/ready", "!LICENSE");
    for (String module : List.of("worker-client", "backends", "src", "examples")) {
      assertThat(text("pom.xml")).contains("<module>" + module + "</module>");
      assertThat(included).contains("!" + module + "/pom.xml");
    }
    assertThat(Pattern.compile("<module>").matcher(text("pom.xml")).results().count()).isEqualTo(4);
  }

  private List<String> ports(String service) {
    return Stream.of(services.path(service).path("ports"))
        .flatMap(JsonNode::valueStream)
        .map(JsonNode::asText)
        .toList();
  }

  private String image(String service) {
    return services.path(service).path("image").asText();
  }

  private static Set<String> imageEnvironment() {
    String server = text("Containerfile").split("(?m)^FROM java AS server$", -1)[1];
    Set<String> names = new TreeSet<>();
    Pattern.compile("DOCKET_[A-Z_]+(?==)")
        .matcher(server)
        .results()
        .forEach(m -> names.add(m.group()));
    return names;
  }

  /** The variables with their defaults; an empty default if there is none. */
  private static Map<String, String> variables(String text) {
    return VARIABLE
        .matcher(text)
        .results()
        .filter(match -> !match.group(1).equals("NAME"))
        .collect(
            Collectors.toMap(
                match -> match.group(1), ContainersTest::defaultOf, (first, duplicate) -> first));
  }

  private static String defaultOf(MatchResult match) {
    return match.group(2) == null ? "" : match.group(2);
  }

  private static Set<String> names(JsonNode environment) {
    Set<String> names = new TreeSet<>();
    environment.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode yaml(String name) {
    try {
      return new YAMLMapper().readTree(text(name));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static String text(String name) {
    try {
      return Files.readString(ROOT.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
