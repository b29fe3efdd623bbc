package dev.docket.rabbit.publish;

import dev.docket.broker.TaskCourier.Sent;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A parcel on its way. Belongs to {@link Unconfirmed}, whose lock guards all that changes. */
final class Shipment {

  private final Parcel parcel;
  private final CompletableFuture<Sent> answer = new CompletableFuture<>();
  private long deadline;
  private int closures;
  private @Nullable Sent outcome;

  Shipment(Parcel parcel, long deadline) {
    this.parcel = parcel;
    this.deadline = deadline;
  }

  Parcel parcel() {
    return parcel;
  }

  CompletableFuture<Sent> answer() {
    return answer;
  }

  /** By {@link System#nanoTime}. */
  long deadline() {
    return deadline;
  }

  void deadline(long sooner) {
    if (sooner - deadline < 0) {
      deadline = sooner;
    }
  }

  /** Counts how many channels were closed while it was on them. */
  int anotherClosure() {
    return ++closures;
  }

  @Nullable Sent outcome() {
    return outcome;
  }

  void outcome(Sent decided) {
    outcome = decided;
  }
}
