package dev.docket.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The directory of one Elasticsearch. The configuration must not be below Elasticsearch's temporary
 * directory.
 */
record ElasticsearchFiles(Path dir) {

  Path config() {
    return dir.resolve("config");
  }

  Path temporary() {
    return dir.resolve("tmp");
  }

  Path consoleLog() {
    return logs().resolve("console.log");
  }

  private Path logs() {
    return dir.resolve("logs");
  }

  private Path ports() {
    return logs().resolve("http.ports");
  }

  /** Writes the files that a start needs. Keeps the data and the keystore of an earlier start. */
  void prepare(ElasticsearchSettings settings, int port) {
    // The launcher leaves files in the temporary directory.
    Directories.delete(temporary());
    try {
      for (Path each : List.of(config(), temporary(), logs(), dir.resolve("data"))) {
        Files.createDirectories(each);
      }
      copyTree(settings.home().resolve("config"), config());
      removeCollectorLog(config().resolve("jvm.options"));
      Files.deleteIfExists(ports());
      Files.writeString(config().resolve("elasticsearch.yml"), yaml(settings, port));
    } catch (IOException e) {
      throw new BackendStartException("cannot prepare " + dir + ": " + e, e);
    }
  }

  /** The log of the garbage collector is below the distribution, which may not be writable. */
  private static void removeCollectorLog(Path options) throws IOException {
    List<String> lines =
        Files.readAllLines(options).stream().filter(line -> !line.contains("logs/gc.log")).toList();
    Files.write(options, lines);
  }

  private String yaml(ElasticsearchSettings settings, int port) {
    Map<String, String> all = new TreeMap<>();
    all.put("cluster.name", "docket-local");
    all.put("node.name", "local");
    all.put("network.host", "127.0.0.1");
    all.put("http.port", Integer.toString(port));
    all.put("transport.port", "0");
    all.put("node.portsfile", "true");
    all.put("discovery.type", "single-node");
    all.put("path.data", dir.resolve("data").toString());
    all.put("path.logs", logs().toString());
    all.put("xpack.security.enabled", "false");
    // Otherwise Elasticsearch makes every index read-only when the disk is nearly full.
    all.put("cluster.routing.allocation.disk.threshold_enabled", "false");
    all.putAll(settings.overrides());
    StringBuilder yaml = new StringBuilder();
    all.forEach((key, value) -> yaml.append(key).append(": '").append(quoted(value)).append("'\n"));
    return yaml.toString();
  }

  private static String quoted(String value) {
    return value.replace("'", "''");
  }

  /** The HTTP port that Elasticsearch is bound to; empty until then. */
  OptionalInt boundPort() {
    try {
      return Files.readString(ports())
          .lines()
          .filter(line -> line.startsWith("127.0.0.1:"))
          .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip()))
          .findFirst();
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path each : (Iterable<Path>) tree::iterator) {
        Path copy = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(each, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
