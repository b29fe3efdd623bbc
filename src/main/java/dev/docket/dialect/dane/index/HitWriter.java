package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.filter.FilteringGeneratorDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.result.StoredPayload;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes the source of a hit, or the part of it that the client wants. Blocks for payloads. */
final class HitWriter {

  private final ObjectMapper mapper;

  HitWriter(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  void writeSource(JsonGenerator json, Hit hit, SourceFilter filter) throws IOException {
    json.writeFieldName("_source");
    if (filter.wantsAll()) {
      mapper.writeValue(json, hit.source());
      return;
    }
    JsonGenerator filtered =
        new FilteringGeneratorDelegate(
            json, filter, TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true);
    mapper.writeValue(filtered, writable(hit.source(), filter));
  }

  /**
   * A stored payload writes itself past the filter, so it is replaced unless the client wants it as
   * a whole.
   */
  private Hit.Source writable(Hit.Source source, SourceFilter filter) {
    if (!(source instanceof Hit.ResultSource result)
        || !(result.result().payload() instanceof StoredPayload payload)) {
      return source;
    }
    TokenFilter wanted = below(below(filter, "result"), "payload");
    if (wanted == TokenFilter.INCLUDE_ALL) {
      return source;
    }
    return result.withPayload(wanted == null ? null : new FilteredPayload(payload, mapper));
  }

  private static @Nullable TokenFilter below(@Nullable TokenFilter filter, String name) {
    return filter == null || filter == TokenFilter.INCLUDE_ALL
        ? filter
        : filter.includeProperty(name);
  }
}
