package dev.docket.http.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;

/** Writes a JSON array page by page as the pages are read, so that memory holds one page. */
public final class StreamedArray {

  private final ObjectMapper mapper;

  public StreamedArray(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * A generator that closes no JSON array or object on its own, so a response that an exception
   * interrupts stays recognizably incomplete. It neither closes nor flushes the stream; the caller
   * does, because flushing after each value is expensive.
   */
  public static JsonGenerator generator(ObjectMapper mapper, OutputStream out) throws IOException {
    return mapper
        .getFactory()
        .createGenerator(out)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  /** Writes a single value. */
  public void writeValue(OutputStream out, Object value) throws IOException {
    writeValue(mapper, out, value);
  }

  /** Writes a single value. */
  public static void writeValue(ObjectMapper mapper, OutputStream out, Object value)
      throws IOException {
    try (JsonGenerator json = generator(mapper, out)) {
      mapper.writeValue(json, value);
    } catch (JsonMappingException e) {
      throw unwrapped(e);
    }
  }

  /** The failure of a value that is read from the store while it is written. */
  private static IOException unwrapped(JsonMappingException failure) {
    if (failure.getCause() instanceof RuntimeException cause) {
      throw cause;
    }
    return failure;
  }

  /** A writer of values to the generator that does not flush after each value. */
  static SequenceWriter values(ObjectMapper mapper, JsonGenerator json) throws IOException {
    return mapper.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE).writeValues(json);
  }

  /**
   * Writes all pages.
   *
   * @param first the first page; read before the response starts, so a failure is still an error
   * @param pageSize items of a full page; a shorter page is the last one
   * @param next returns the page that follows an item
   * @param views returns the views of a page
   */
  public <T> void write(
      OutputStream out,
      List<T> first,
      int pageSize,
      Function<T, List<T>> next,
      Function<List<T>, List<?>> views)
      throws IOException {
    write(out, first, pageSize, next, views, view -> view);
  }

  /** Writes all items of a list, whose views are created one at a time. */
  public <T> void write(OutputStream out, List<T> items, Function<T, ?> view) throws IOException {
    write(out, List.of(items), 2, last -> List.of(), page -> page.get(0), view);
  }

  /**
   * Writes all pages, with a view of each item that is created when it is written.
   *
   * @param items returns the items of a page
   */
  public <T, R> void write(
      OutputStream out,
      List<T> first,
      int pageSize,
      Function<T, List<T>> next,
      Function<List<T>, ? extends List<? extends R>> items,
      Function<R, ?> view)
      throws IOException {
    try (JsonGenerator json = generator(mapper, out)) {
      SequenceWriter values = values(mapper, json);
      json.writeStartArray();
      List<T> page = first;
      while (!page.isEmpty()) {
        for (R item : items.apply(page)) {
          values.write(view.apply(item));
        }
        page = page.size() < pageSize ? List.of() : next.apply(page.get(page.size() - 1));
      }
      json.writeEndArray();
    } catch (JsonMappingException e) {
      throw unwrapped(e);
    }
  }
}
