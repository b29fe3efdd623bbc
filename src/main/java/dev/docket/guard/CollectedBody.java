package dev.docket.guard;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body was received up to a size; the rest of a larger body is read from the
 * connection. The bytes are copied, because chunks of a slow body would keep the connection's
 * buffers.
 *
 * <p>Jetty calls the methods one at a time.
 */
final class CollectedBody extends Request.Wrapper {

  /** Limits the memory of all collected bodies. */
  interface Budget {

    /** Reserves memory; false if there is none left. */
    boolean reserve(int bytes);

    /** Releases what was reserved. */
    void release(int bytes);
  }

  private final Budget budget;
  private final AtomicInteger reserved = new AtomicInteger();
  private byte[] collected = new byte[0];
  private int size;

  /** What follows the collected bytes, if the connection has already returned it. */
  private Content.@Nullable Chunk next;

  CollectedBody(Request request, Budget budget) {
    super(request);
    this.budget = budget;
  }

  /**
   * Receives what has arrived. True if that is the whole body, or as much of it as is collected;
   * otherwise {@code complete} is called as soon as it is.
   */
  boolean receive(Runnable complete) {
    while (size < BodyCollector.MAX_BYTES) {
      Content.Chunk chunk = super.read();
      if (chunk == null) {
        Runnable received =
            () -> {
              if (receive(complete)) {
                complete.run();
              }
            };
        super.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, received));
        return false;
      }
      if (!add(chunk)) {
        next = chunk;
        return true;
      }
      if (chunk.isLast()) {
        next = Content.Chunk.EOF;
        return true;
      }
    }
    return true;
  }

  /** Copies and releases a chunk; false if it is a failure, or there is no memory for it. */
  private boolean add(Content.Chunk chunk) {
    if (Content.Chunk.isFailure(chunk)) {
      return false;
    }
    int bytes = chunk.remaining();
    if (!budget.reserve(bytes)) {
      return false;
    }
    reserved.addAndGet(bytes);
    if (size + bytes > collected.length) {
      collected = Arrays.copyOf(collected, Math.max(size + bytes, 2 * collected.length));
    }
    chunk.getByteBuffer().get(collected, size, bytes);
    chunk.release();
    size += bytes;
    return true;
  }

  /** The error that ended the body before its end. */
  @Nullable Throwable failure() {
    return next == null ? null : next.getFailure();
  }

  @Override
  public Content.@Nullable Chunk read() {
    if (size > 0) {
      boolean last = next == Content.Chunk.EOF;
      Content.Chunk body = Content.Chunk.from(ByteBuffer.wrap(collected, 0, size), last);
      size = 0;
      collected = new byte[0];
      releaseMemory();
      return body;
    }
    Content.Chunk following = next;
    if (following == null) {
      return super.read();
    }
    boolean ends = following == Content.Chunk.EOF || Content.Chunk.isFailure(following);
    next = ends ? following : null;
    return following;
  }

  @Override
  public void demand(Runnable onContent) {
    if (size > 0 || next != null) {
      getContext().execute(onContent);
    } else {
      super.demand(onContent);
    }
  }

  /** Releases the memory of a body that nobody has read. */
  void discard() {
    if (next != null) {
      next.release();
    }
    releaseMemory();
  }

  private void releaseMemory() {
    budget.release(reserved.getAndSet(0));
  }
}
