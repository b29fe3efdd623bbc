package dev.docket.backends;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Names of the container images. The RabbitMQ image must have the management plugin enabled. */
public record ContainerImages(String elasticsearch, String rabbitMq) {

  /** The Elasticsearch version that Docket is tested with, and a RabbitMQ. */
  public static ContainerImages defaults() {
    try (InputStream in = ContainerImages.class.getResourceAsStream("images.properties")) {
      Properties names = new Properties();
      names.load(in);
      return new ContainerImages(names.getProperty("elasticsearch"), names.getProperty("rabbitmq"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
