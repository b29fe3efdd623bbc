package dev.docket.chaos;

import java.time.Duration;

/** One thing that is broken for a while. It knows whom it hits and how it is mended. */
sealed interface Fault {

  /** What somebody can choose or leave out. */
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

  /** Its name in the plan; nobody is hit by two at once. */
  String target();

  /** How long it stays broken before it is mended. */
  Duration time();

  /** Whether messages can be lost that nobody but the census misses. */
  default boolean losesMessages() {
    return switch (kind()) {
      case PURGE, DELETE, WIPE, EXCHANGE -> true;
      case KILL -> target().equals(Installation.RABBIT);
      case STOP, TERM, CUT -> false;
    };
  }

  /** kill -9, and started again after the time. */
  record Kill(String target, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.KILL;
    }
  }

  /** SIGSTOP, and SIGCONT after the time. */
  record Stop(String target, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.STOP;
    }
  }

  /** SIGTERM, its end waited for, and started again after the time. */
  record Term(String target, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.TERM;
    }
  }

  /** A link that does not carry what it should. */
  record Cut(String target, CutProxy.Mode mode, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.CUT;
    }
  }

  /**
   * A queue loses its messages.
   *
   * @param pick which, among those that there are then
   */
  record Purge(String target, int pick, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.PURGE;
    }
  }

  /** A queue is deleted. */
  record DeleteQueue(String target, int pick, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.DELETE;
    }
  }

  /** The broker is stopped, loses its data and is started again. */
  record Wipe(String target, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.WIPE;
    }
  }

  /** DANE's exchange is gone with its bindings; its worker declares them when it starts. */
  record LostExchange(String target, Duration time) implements Fault {
    @Override
    public Kind kind() {
      return Kind.EXCHANGE;
    }
  }
}
