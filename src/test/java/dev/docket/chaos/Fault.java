package dev.docket.chaos;

import java.time.Duration;

/** A fault that is injected into a target for a while and then repaired. */
sealed interface Fault {

  /** The kinds of faults, as the command line names them. */
  enum Kind {
    KILL,
    STOP,
    TERM,
    CUT,
    PURGE,
    DELETE,
    WIPE,
    EXCHANGE;

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  Kind kind();

  /** The name of the target. A target has only one fault at a time. */
  String target();

  /** How long the fault lasts before it is repaired. */
  Duration duration();

  /** Whether the broker can lose messages, which only the census sweep detects. */
  default boolean losesMessages() {
    return switch (kind()) {
      case PURGE, DELETE, WIPE, EXCHANGE -> true;
      case KILL -> target().equals(SystemUnderTest.RABBITMQ);
      case STOP, TERM, CUT -> false;
    };
  }

  /** SIGKILL; the program is started again after the duration. */
  record Kill(String target, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.KILL;
    }
  }

  /** SIGSTOP; SIGCONT after the duration. */
  record Stop(String target, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.STOP;
    }
  }

  /** SIGTERM; the program is started again after it has exited and the duration has passed. */
  record Term(String target, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.TERM;
    }
  }

  /** A connection is interrupted or slow. */
  record Cut(String target, CutProxy.Mode mode, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.CUT;
    }
  }

  /**
   * A queue loses its messages.
   *
   * @param pick selects one of the queues that exist at that time
   */
  record Purge(String target, int pick, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.PURGE;
    }
  }

  /** A queue is deleted. */
  record DeleteQueue(String target, int pick, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.DELETE;
    }
  }

  /** The broker is stopped, its data is deleted, and it is started again. */
  record Wipe(String target, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.WIPE;
    }
  }

  /** DANE's exchange is deleted with its bindings. DANE workers declare them when they start. */
  record DeleteExchange(String target, Duration duration) implements Fault {
    @Override
    public Kind kind() {
      return Kind.EXCHANGE;
    }
  }
}
