package dev.docket.logging;

import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.DeferredProcessingAware;
import io.dropwizard.logback.AsyncAppenderBaseProxy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Passes sanitized events on to another appender, whatever its type and its layout are. That
 * appender is started already, and stops with this one. Thread-safe if the other one is.
 */
class SanitizingAppender<E extends DeferredProcessingAware> extends UnsynchronizedAppenderBase<E> {

  private final Appender<E> target;
  private final UnaryOperator<E> sanitizer;

  private SanitizingAppender(Appender<E> target, UnaryOperator<E> sanitizer) {
    this.target = target;
    this.sanitizer = sanitizer;
    setName(target.getName());
    setContext(target.getContext());
    start();
  }

  /** Puts a sanitizer in front of each appender of a logger that has none yet. */
  static <E extends DeferredProcessingAware> void install(
      AppenderAttachable<E> logger, UnaryOperator<E> sanitizer) {
    List<Appender<E>> targets = new ArrayList<>();
    for (Iterator<Appender<E>> all = logger.iteratorForAppenders(); all.hasNext(); ) {
      targets.add(all.next());
    }
    for (Appender<E> target : targets) {
      if (!(target instanceof SanitizingAppender)) {
        // In this order, so that no line is lost; a line in between may appear twice.
        logger.addAppender(of(target, sanitizer));
        logger.detachAppender(target);
      }
    }
  }

  private static <E extends DeferredProcessingAware> Appender<E> of(
      Appender<E> target, UnaryOperator<E> sanitizer) {
    if (target instanceof AsyncAppenderBase<E> queue) {
      return new OfQueue<>(target, queue, sanitizer);
    }
    if (target instanceof AsyncAppenderBaseProxy<?> proxy) {
      return new OfQueue<>(target, proxy.getAppender(), sanitizer);
    }
    return new SanitizingAppender<>(target, sanitizer);
  }

  @Override
  protected void append(E event) {
    target.doAppend(sanitizer.apply(event));
  }

  @Override
  public void stop() {
    super.stop();
    target.stop();
  }

  /** Dropwizard recognizes it as an appender with a queue, and waits for the queue at the end. */
  private static final class OfQueue<E extends DeferredProcessingAware>
      extends SanitizingAppender<E> implements AsyncAppenderBaseProxy<E> {

    private final AsyncAppenderBase<E> queue;

    @SuppressWarnings("unchecked") // the queue of an appender of these events
    private OfQueue(Appender<E> target, AsyncAppenderBase<?> queue, UnaryOperator<E> sanitizer) {
      super(target, sanitizer);
      this.queue = (AsyncAppenderBase<E>) queue;
    }

    @Override
    public AsyncAppenderBase<E> getAppender() {
      return queue;
    }
  }
}
