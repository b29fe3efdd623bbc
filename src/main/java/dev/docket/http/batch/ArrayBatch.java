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
 * A batch as a JSON array, answered with {@code {"success":[…],"failed":[…]}}: what was made, and
 * why the others were not. One bad item never fails the rest.
 */
public final class ArrayBatch {

  private final ObjectMapper mapper;

  public ArrayBatch(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Reads the body to its end.
   *
   * @param what the items are, in the plural
   * @throws InvalidRequest if it is no JSON, or no array of at most so many items
   */
  public ArrayItems read(InputStream body, int most, String what) {
    try {
      return ArrayItems.read(body, mapper.getFactory(), most, what);
    } catch (JsonProcessingException bad) {
      throw RequestBodyReader.invalid(bad);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * Works through it. The outcomes are in the order of the items; among those that failed the index
   * counts outcomes, of which an item can have several.
   *
   * @throws IOException when the caller is gone; what was begun by then is done
   */
  public void run(ArrayItems items, OutputStream out, BatchOperation act) throws IOException {
    PendingOutcomes begun = new PendingOutcomes();
    try (JsonGenerator json = StreamedArray.unending(mapper, out)) {
      Answers answers = new Answers(StreamedArray.values(mapper, json));
      json.writeStartObject();
      json.writeArrayFieldStart("success");
      for (int i = 0; i < items.size(); i++) {
        begun.begin(items.get(i), act);
        while (begun.due()) {
          begun.writeOldest(answers);
        }
      }
      while (!begun.isEmpty()) {
        begun.writeOldest(answers);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("failed");
      for (BatchResponse.Failed failed : answers.failed) {
        answers.values.write(failed);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static final class Answers implements PendingOutcomes.Answers {
    private final SequenceWriter values;
    private final List<BatchResponse.Failed> failed = new ArrayList<>();
    private int count;

    private Answers(SequenceWriter values) {
      this.values = values;
    }

    @Override
    public void made(int index, Object made) throws IOException {
      count++;
      values.write(made);
    }

    @Override
    public void failed(int index, ProblemBody problem) {
      failed.add(new BatchResponse.Failed(count++, problem));
    }
  }
}
