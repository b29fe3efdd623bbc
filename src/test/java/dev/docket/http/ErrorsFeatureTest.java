package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.glassfish.jersey.message.internal.HeaderValueException;
import org.junit.jupiter.api.Test;

final class ErrorsFeatureTest {

  private final ObjectMapper mapper = new ObjectMapper();

  private static int status(Throwable failure) {
    return ErrorsFeature.response(failure).getStatus();
  }

  @Test
  void failureToWriteJsonIsTheServersFault() throws Exception {
    try (JsonGenerator json = mapper.createGenerator(new StringWriter())) {
      assertThat(status(new JsonGenerationException("cannot write", json))).isEqualTo(500);
      assertThat(status(JsonMappingException.from(json, "cannot write"))).isEqualTo(500);
    }
  }

  @Test
  void failureToReadJsonIsTheClientsFault() throws Exception {
    try (JsonParser json = mapper.createParser("{")) {
      assertThat(status(JsonMappingException.from(json, "cannot read"))).isEqualTo(400);
    }
    assertThat(status(new UncheckedIOException(new CharConversionException("Invalid UTF-32"))))
        .isEqualTo(400);
  }

  @Test
  void limitThatIsReachedWithinAnObjectKeepsItsStatus() throws Exception {
    try (JsonParser json = mapper.createParser("{")) {
      Throwable wrapped = JsonMappingException.from(json, "read", new PayloadTooLarge("too large"));
      assertThat(status(wrapped)).isEqualTo(413);
    }
  }

  @Test
  void invalidHeaderIs400ExceptInResponses() {
    Exception cause = new IllegalArgumentException("x");
    assertThat(
            status(
                new HeaderValueException("invalid", cause, HeaderValueException.Context.INBOUND)))
        .isEqualTo(400);
    assertThat(
            status(
                new HeaderValueException("invalid", cause, HeaderValueException.Context.OUTBOUND)))
        .isEqualTo(500);
  }
}
