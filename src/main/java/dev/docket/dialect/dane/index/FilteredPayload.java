package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import dev.docket.result.StoredPayload;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A stored payload of which a client wants a part. It is copied token by token, so that the filter
 * of the generator sees each. Serializing it blocks.
 */
final class FilteredPayload extends JsonSerializable.Base {

  private final StoredPayload payload;
  private final ObjectMapper mapper;

  FilteredPayload(StoredPayload payload, ObjectMapper mapper) {
    this.payload = payload;
    this.mapper = mapper;
  }

  @Override
  public void serialize(JsonGenerator json, SerializerProvider serializers) throws IOException {
    // From a text, because Jackson 2.21.0 cannot read names with escaped surrogates from bytes.
    try (JsonParser parser =
        mapper.createParser(new InputStreamReader(payload.open(), StandardCharsets.UTF_8))) {
      parser.nextToken();
      json.copyCurrentStructure(parser);
    }
  }

  @Override
  public void serializeWithType(
      JsonGenerator json, SerializerProvider serializers, TypeSerializer types) throws IOException {
    serialize(json, serializers);
  }
}
