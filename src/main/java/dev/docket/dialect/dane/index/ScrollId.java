package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.search.record.RecordPage.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a scroll continues with. Clients keep it as an opaque text, so any server can continue.
 *
 * @param snapshot the id of the snapshot
 * @param after the last hit; null if there was none
 * @param body the body of the search
 */
record ScrollId(String snapshot, @Nullable Position after, long total, ObjectNode body) {

  /** The maximum size of the JSON, so that a forged id cannot fill the memory. */
  private static final int MAX_BYTES = 4 << 20;

  String encode(ObjectMapper mapper) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream compressed = new DeflaterOutputStream(bytes)) {
      compressed.write(mapper.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads an id.
   *
   * @throws InvalidQuery if it does not come from Docket
   */
  static ScrollId decode(String text, ObjectMapper mapper) {
    try (InflaterInputStream json =
        new InflaterInputStream(new ByteArrayInputStream(Base64.getUrlDecoder().decode(text)))) {
      ScrollId id = mapper.readValue(json.readNBytes(MAX_BYTES), ScrollId.class);
      if (id != null && id.snapshot != null && id.body != null) {
        return id;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw invalid();
    }
    throw invalid();
  }

  private static InvalidQuery invalid() {
    return InvalidQuery.argument("Cannot parse scroll id");
  }
}
