package dev.docket.http.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;

/** A JSON array that is written page by page as it is read, so that memory holds one page. */
public final class StreamedArray {

  private final ObjectMapper mapper;

  public StreamedArray(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * A generator that ends nothing by itself: what an exception interrupts stays visibly broken. The
   * stream is closed, and flushed, by whoever gave it: to send each value by itself is dear.
   */
  public static JsonGenerator unending(ObjectMapper mapper, OutputStream out) throws IOException {
    return mapper
        .getFactory()
        .createGenerator(out)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
  }

  /** Writes values to the generator, and ends nothing either. */
  static SequenceWriter values(ObjectMapper mapper, JsonGenerator json) throws IOException {
    return mapper.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE).writeValues(json);
  }

  /**
   * Writes all pages.
   *
   * @param first the first page, read beforehand so that its failure is still an error's answer
   * @param pageSize a shorter page is the last
   * @param next the page after the last item of the one before
   * @param views what to show for a page
   */
  public <T> void write(
      OutputStream out,
      List<T> first,
      int pageSize,
      Function<T, List<T>> next,
      Function<List<T>, List<?>> views)
      throws IOException {
    try (JsonGenerator json = unending(mapper, out)) {
      SequenceWriter values = values(mapper, json);
      json.writeStartArray();
      List<T> page = first;
      while (!page.isEmpty()) {
        for (Object shown : views.apply(page)) {
          values.write(shown);
        }
        page = page.size() < pageSize ? List.of() : next.apply(page.get(page.size() - 1));
      }
      json.writeEndArray();
    }
  }
}
