package dev.docket.backends.junit;

import dev.docket.backends.Backends;
import dev.docket.backends.Broker;
import dev.docket.backends.LocalBackends;
import dev.docket.backends.LocalElasticsearch;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * JUnit extension that provides an Elasticsearch and a broker. All test classes of a test run share
 * them. Each class has its own prefix for the names of indices, queues and exchanges; the extension
 * deletes these after the class:
 *
 * <pre>{@code
 * @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
 * }</pre>
 *
 * <p>The extension starts a backend when a test first asks for it. If a backend is missing or does
 * not start, the test fails; it is never skipped. A class that stops a backend need not start it
 * again: the next access does. If classes run in parallel, a class that stops or blocks a backend
 * must use {@link #exclusive()}.
 */
public final class BackendsExtension implements BeforeAllCallback, AfterAllCallback {

  private static final Namespace NAMESPACE = Namespace.create(BackendsExtension.class);
  private static final int MAX_NAME_LENGTH = 24;

  private final BrokerKind kind;
  private final boolean exclusive;
  private @Nullable SharedBackends shared;
  private @Nullable String prefix;
  private int depth;

  private BackendsExtension(BrokerKind kind, boolean exclusive) {
    this.kind = kind;
    this.exclusive = exclusive;
  }

  /** Elasticsearch and the embedded broker, in memory. */
  public static BackendsExtension embedded() {
    return new BackendsExtension(BrokerKind.EMBEDDED, false);
  }

  /** Elasticsearch and a private RabbitMQ. */
  public static BackendsExtension rabbit() {
    return new BackendsExtension(BrokerKind.RABBIT, false);
  }

  /**
   * The same backends, but not shared, and closed after the class: for a class that stops or blocks
   * one.
   */
  public BackendsExtension exclusive() {
    return new BackendsExtension(kind, true);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // A nested class inherits the extension and the prefix of the outer class.
    if (depth++ > 0) {
      return;
    }
    shared = exclusive ? new SharedBackends() : shared(context);
    String name =
        context
            .getRequiredTestClass()
            .getSimpleName()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]", "");
    String unique = UUID.randomUUID().toString().substring(0, 8);
    prefix = "t" + name.substring(0, Math.min(MAX_NAME_LENGTH, name.length())) + "-" + unique;
  }

  static SharedBackends shared(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent("shared", key -> new SharedBackends(), SharedBackends.class);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (--depth > 0) {
      return;
    }
    SharedBackends backends = shared();
    if (exclusive) {
      backends.close();
      return;
    }
    String ownPrefix = prefix();
    if (backends.startedElasticsearch().isPresent()) {
      elasticsearch().deleteAll(ownPrefix);
    }
    if (backends.startedBroker(kind).isPresent()) {
      broker().deleteAll(ownPrefix);
    }
  }

  /**
   * Unique prefix for the names of this class's indices, templates, queues and exchanges. It
   * consists of lower-case letters, digits and one hyphen, which is not at the end.
   */
  public String prefix() {
    return required(prefix);
  }

  /** The Elasticsearch. Starts it if it is not running. */
  public LocalElasticsearch elasticsearch() {
    LocalElasticsearch elasticsearch = shared().elasticsearch();
    if (!elasticsearch.isRunning()) {
      elasticsearch.startAgain();
    }
    return elasticsearch;
  }

  /** The broker. Starts it if it is not running. */
  public Broker broker() {
    Broker broker = shared().broker(kind);
    if (!broker.isRunning()) {
      broker.startAgain();
    }
    return broker;
  }

  /** Elasticsearch and the broker. Do not close them. */
  public Backends backends() {
    return LocalBackends.of(elasticsearch(), broker());
  }

  private SharedBackends shared() {
    return required(shared);
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException(
          "beforeAll has not run; register the extension in a static @RegisterExtension field");
    }
    return value;
  }
}
