package dev.docket.elastic.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.Serial;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * The JSON mapper for records: names in snake_case, times in UTC with milliseconds, numbers with
 * their full precision. Null fields of a record are omitted; nulls in free-form JSON are kept. An
 * unknown field is an error, because the next write of the record would lose it.
 */
public final class RecordJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(factory())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .addModule(times())
          .addHandler(new RemovedEffects())
          .build();

  private RecordJson() {}

  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * Creates a factory that reads every record in the store, of any size. The store accepts a
   * nesting depth of at most 1,000.
   */
  private static JsonFactory factory() {
    return JsonFactory.builder()
        // Jackson 2.21.0 cannot read names with escaped surrogates, even if they form pairs.
        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(2_000)
                .maxNumberLength(10_000)
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .build();
  }

  private static SimpleModule times() {
    SimpleModule times = new SimpleModule();
    times.addSerializer(Instant.class, new TimeWriter());
    times.addDeserializer(
        Instant.class, new TextReader<>(Instant.class, RecordTime::parse, "must be a time"));
    times.addSerializer(Duration.class, new ToStringSerializer(Duration.class));
    times.addDeserializer(
        Duration.class, new TextReader<>(Duration.class, Duration::parse, "must be a duration"));
    return times;
  }

  private static final class TimeWriter extends StdScalarSerializer<Instant> {
    @Serial private static final long serialVersionUID = 1;

    TimeWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant time, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(RecordTime.text(time));
    }
  }

  private static final class TextReader<T> extends StdScalarDeserializer<T> {
    @Serial private static final long serialVersionUID = 1;

    private final transient Function<String, T> parser;
    private final String requirement;

    TextReader(Class<T> type, Function<String, T> parser, String requirement) {
      super(type);
      this.parser = parser;
      this.requirement = requirement;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      try {
        return parser.apply(json.getText());
      } catch (DateTimeException e) {
        throw context.weirdStringException(json.getText(), handledType(), requirement);
      }
    }
  }
}
