package dev.docket.http.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import dev.docket.http.InvalidRequest;
import dev.docket.http.ProblemBody;
import dev.docket.http.RequestBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch that is sent as a JSON array. The response is {@code {"success":[…],"failed":[…]}}: the
 * created items, and the problems of the others. An invalid item never fails the batch.
 */
public final class ArrayBatch {

  private final ObjectMapper mapper;

  public ArrayBatch(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Reads the body to its end.
   *
   * @param itemNoun what the items are, in the plural, for the error message
   * @throws InvalidRequest if the body is not a JSON array of at most {@code maxItems} items
   */
  public ArrayItems read(InputStream body, int maxItems, String itemNoun) {
    try {
      return ArrayItems.read(body, mapper.getFactory(), maxItems, itemNoun);
    } catch (JsonProcessingException e) {
      throw RequestBodyReader.invalid(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Executes the operation on all items. The outcomes are in the order of the items. The index of a
   * failed outcome counts outcomes, as an item can have several.
   *
   * @throws IOException if the client has disconnected; operations that were started still complete
   */
  public void run(ArrayItems items, OutputStream out, BatchOperation operation) throws IOException {
    PendingOutcomes pending = new PendingOutcomes();
    try (JsonGenerator json = StreamedArray.generator(mapper, out)) {
      ArrayOutcomes outcomes = new ArrayOutcomes(StreamedArray.values(mapper, json));
      json.writeStartObject();
      json.writeArrayFieldStart("success");
      for (int i = 0; i < items.size(); i++) {
        pending.start(items.get(i), operation);
        while (pending.isOldestDue()) {
          pending.writeOldest(outcomes);
        }
      }
      while (!pending.isEmpty()) {
        pending.writeOldest(outcomes);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("failed");
      for (BatchResponse.Failed failed : outcomes.failed) {
        outcomes.values.write(failed);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static final class ArrayOutcomes implements PendingOutcomes.OutcomeWriter {
    private final SequenceWriter values;
    private final List<BatchResponse.Failed> failed = new ArrayList<>();
    private int count;

    private ArrayOutcomes(SequenceWriter values) {
      this.values = values;
    }

    @Override
    public void created(int index, Object view) throws IOException {
      count++;
      values.write(view);
    }

    @Override
    public void failed(int index, ProblemBody problem) {
      failed.add(new BatchResponse.Failed(count++, problem));
    }
  }
}
