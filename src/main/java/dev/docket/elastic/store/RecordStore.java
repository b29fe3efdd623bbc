package dev.docket.elastic.store;

import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.BulkItem;
import dev.docket.elastic.client.BulkWriter;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Reads and writes the records of a kind, with group commit and batched reads. */
public final class RecordStore<T> {

  private final Alias alias;
  private final RecordCodec<T> codec;
  private final BulkWriter writer;
  private final BatchReader<T> reader;

  public RecordStore(Alias alias, RecordCodec<T> codec, BulkWriter writer, BatchReader<T> reader) {
    this.alias = alias;
    this.codec = codec;
    this.writer = writer;
    this.reader = reader;
  }

  CompletionStage<WriteOutcome> create(String id, T value) {
    return write(value, source -> writer.writeNew(BulkItem.create(alias, id, source)));
  }

  /** Creates a record that belongs to an existing one: overload does not reject it first. */
  CompletionStage<WriteOutcome> createRelated(String id, T value) {
    return write(value, source -> writer.write(BulkItem.create(alias, id, source)));
  }

  CompletionStage<WriteOutcome> replace(String id, T value, Version seen) {
    return write(value, source -> writer.write(BulkItem.replace(alias, id, source, seen)));
  }

  CompletionStage<WriteOutcome> put(String id, T value) {
    return write(value, source -> writer.write(BulkItem.put(alias, id, source)));
  }

  /** Changes some fields of a record; {@link WriteOutcome.Conflict} if it does not exist. */
  CompletionStage<WriteOutcome> update(String id, byte[] update) {
    return writer.write(BulkItem.update(alias, id, update));
  }

  CompletionStage<WriteOutcome> remove(String id, Version seen) {
    return writer.write(BulkItem.remove(alias, id, seen));
  }

  CompletionStage<WriteOutcome> remove(String id) {
    return writer.write(BulkItem.remove(alias, id));
  }

  CompletionStage<Optional<Versioned<T>>> find(String id) {
    return reader.find(id);
  }

  <I> CompletionStage<Map<I, Versioned<T>>> find(
      Collection<I> ids, Function<I, String> toText, Function<T, I> idOf) {
    return reader.find(ids, toText, idOf);
  }

  private CompletionStage<WriteOutcome> write(
      T value, Function<byte[], CompletionStage<WriteOutcome>> writeSource) {
    byte[] source;
    try {
      source = codec.write(value);
    } catch (RecordCodec.Unwritable e) {
      return CompletableFuture.completedStage(
          new WriteOutcome.Rejected(String.valueOf(e.getMessage())));
    }
    return writeSource.apply(source);
  }
}
