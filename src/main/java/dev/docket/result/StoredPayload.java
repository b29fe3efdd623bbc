package dev.docket.result;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.docket.task.ResultId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A payload in the payload store, as a value of a JSON response: it is copied into the response
 * while the response is written, part by part. Serializing it blocks.
 */
@JsonSerialize(using = StoredPayload.Writer.class)
public final class StoredPayload {

  private final Payloads payloads;
  private final ResultId id;
  private final long bytes;

  StoredPayload(Payloads payloads, ResultId id, long bytes) {
    this.payloads = payloads;
    this.id = id;
    this.bytes = bytes;
  }

  /** Opens the payload, as JSON in UTF-8. Reading blocks. */
  public InputStream open() {
    return payloads.open(id, bytes);
  }

  static final class Writer extends JsonSerializer<StoredPayload> {
    @Override
    public void serialize(StoredPayload payload, JsonGenerator json, SerializerProvider serializers)
        throws IOException {
      if (!(json.getOutputTarget() instanceof OutputStream out)) {
        throw new IllegalStateException("a stored payload can only be written to a stream");
      }
      // Writes the separator. The payload itself bypasses the generator.
      json.writeRawValue("");
      json.flush();
      payload.payloads.write(payload.id, payload.bytes, out);
    }
  }
}
