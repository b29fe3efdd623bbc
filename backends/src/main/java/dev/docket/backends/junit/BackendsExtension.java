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
 * Gives a test class the Elasticsearch and the broker that all classes of the run share, and a
 * prefix of its own for the names of indices, queues and exchanges, which are deleted after the
 * class:
 *
 * <pre>{@code
 * @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
 * }</pre>
 *
 * <p>Each backend is started when first asked for. One that is missing or does not start fails the
 * test; it never skips it. A class that stops a backend need not start it again: the next one to
 * ask does. Where classes run in parallel, one that stops or blocks a backend takes some {@link
 * #ofItsOwn()}.
 */
public final class BackendsExtension implements BeforeAllCallback, AfterAllCallback {

  private static final Namespace NAMESPACE = Namespace.create(BackendsExtension.class);
  private static final int MAX_NAME_LENGTH = 24;

  private final BrokerKind kind;
  private final boolean alone;
  private @Nullable SharedBackends shared;
  private @Nullable String prefix;
  private int depth;

  private BackendsExtension(BrokerKind kind, boolean alone) {
    this.kind = kind;
    this.alone = alone;
  }

  /** With the embedded broker, in memory. */
  public static BackendsExtension embedded() {
    return new BackendsExtension(BrokerKind.EMBEDDED, false);
  }

  /** With a private RabbitMQ. */
  public static BackendsExtension rabbit() {
    return new BackendsExtension(BrokerKind.RABBIT, false);
  }

  /** The same, shared with nobody and closed after the class: for one that stops or blocks it. */
  public BackendsExtension ofItsOwn() {
    return new BackendsExtension(kind, true);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // Nested classes inherit the extension of the outer one, and its prefix.
    if (depth++ > 0) {
      return;
    }
    shared = alone ? new SharedBackends() : shared(context);
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
    if (alone) {
      backends.close();
      return;
    }
    String own = prefix();
    if (backends.startedElasticsearch().isPresent()) {
      elasticsearch().deleteAll(own);
    }
    if (backends.startedBroker(kind).isPresent()) {
      broker().deleteAll(own);
    }
  }

  /**
   * What the names of this class's indices, templates, queues and exchanges begin with: lower-case
   * letters, digits and one hyphen, not at the end; no other class has it.
   */
  public String prefix() {
    return required(prefix);
  }

  /** Running when this returns. */
  public LocalElasticsearch elasticsearch() {
    LocalElasticsearch elasticsearch = shared().elasticsearch();
    if (!elasticsearch.isRunning()) {
      elasticsearch.startAgain();
    }
    return elasticsearch;
  }

  /** Running when this returns. */
  public Broker broker() {
    Broker broker = shared().broker(kind);
    if (!broker.isRunning()) {
      broker.startAgain();
    }
    return broker;
  }

  /** Both; do not close them. */
  public Backends backends() {
    return LocalBackends.of(elasticsearch(), broker());
  }

  private SharedBackends shared() {
    return required(shared);
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException(
          "not before all: register the extension as a static field with @RegisterExtension");
    }
    return value;
  }
}
