package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ElasticsearchHomeTest {

  @TempDir private Path root;

  @Test
  void explainsHowToUnpackMissingDistribution() {
    assertThatThrownBy(() -> ElasticsearchHome.below(root))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContaining("mvn -pl backends process-resources");
  }

  @Test
  void findsSingleVersion() throws IOException {
    Path home = unpack("elasticsearch-1.2.3");
    Files.createDirectories(home.resolveSibling("elasticsearch-half-unpacked"));

    assertThat(ElasticsearchHome.below(root)).isEqualTo(home);
  }

  @Test
  void rejectsTwoVersions() throws IOException {
    unpack("elasticsearch-1.2.3");
    unpack("elasticsearch-1.2.4");

    assertThatThrownBy(() -> ElasticsearchHome.below(root))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContaining("more than one");
  }

  @Test
  void findsDistributionOfThisRepository() {
    assertThat(ElasticsearchHome.find()).isDirectory();
    assertThat(ElasticsearchHome.findDane().resolve("modules/parent-join")).isDirectory();
  }

  private Path unpack(String name) throws IOException {
    Path home = root.resolve("backends/target").resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.createFile(home.resolve("bin/elasticsearch"));
    return home;
  }
}
