package dev.docket.elastic.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Owner;
import dev.docket.document.DocumentId;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Creates records with random values in all components. New components are included automatically,
 * so that a round-trip test fails if the stored form omits one.
 */
final class RandomRecords {

  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "\u0000",
    "\n\r\t\"\\/",
    "caf\u00e9",
    "\u4e2d\u6587",
    "\uD83D\uDCFC",
    "\uD800",
    "\uDC00x",
    "null",
    "{}",
    "a.b",
    ".",
    "\u2028",
    "x".repeat(5_000),
    "\uD83D\uDCFC".repeat(2_500)
  };

  private final Random random;
  private final String protocol;

  RandomRecords(long seed) {
    this.random = new Random(seed);
    this.protocol = text();
  }

  <T extends Record> T record(Class<T> type) {
    try {
      RecordComponent[] components = type.getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        values[i] = value(components[i].getName(), components[i].getAnnotatedType());
      }
      chooseWherePayloadIs(components, values);
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** A result and its draft have either a payload or the size of a stored payload. */
  private void chooseWherePayloadIs(RecordComponent[] components, @Nullable Object[] values) {
    boolean stored = random.nextBoolean();
    for (int i = 0; i < values.length; i++) {
      switch (components[i].getName()) {
        case "payload" -> values[i] = stored ? null : RecordJson.mapper().valueToTree(json(4));
        case "payloadBytes", "storedBytes" -> values[i] = stored ? random.nextLong() : null;
        default -> {}
      }
    }
  }

  private @Nullable Object value(String name, AnnotatedType annotated) {
    if (annotated.isAnnotationPresent(Nullable.class) && random.nextInt(3) == 0) {
      return null;
    }
    if (name.equals("protocol")) {
      // A task that is pinned to a protocol has no run of another one.
      return protocol;
    }
    Type type = annotated.getType();
    if (type instanceof ParameterizedType parameterized) {
      AnnotatedType[] arguments =
          ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
      return parameterized.getRawType() == List.class ? list(arguments[0]) : map(arguments[1]);
    }
    return plain(name, (Class<?>) type);
  }

  private List<Object> list(AnnotatedType of) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value("", of));
    }
    return list;
  }

  private Map<String, Object> map(AnnotatedType of) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(name(), of.getType() == String.class ? text() : json(3));
    }
    return map;
  }

  private Object plain(String name, Class<?> type) {
    if (type == Owner.class) {
      return random.nextInt(3) == 0
          ? Owner.NOBODY
          : new Owner("o" + name(), random.nextBoolean() ? name() : null);
    }
    if (type.isRecord() && type.getRecordComponents().length != 1) {
      return record(type.asSubclass(Record.class));
    }
    if (type.isSealed()) {
      Class<?>[] kinds = type.getPermittedSubclasses();
      return plain(name, kinds[random.nextInt(kinds.length)]);
    }
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    }
    if (type == TaskId.class) {
      return new TaskId(id());
    }
    if (type == DocumentId.class) {
      return new DocumentId(id());
    }
    if (type == ResultId.class) {
      return new ResultId(id());
    }
    if (type == TaskKey.class) {
      return new TaskKey("K" + random.nextInt(100));
    }
    if (type.isRecord()) {
      return record(type.asSubclass(Record.class));
    }
    if (type == String.class) {
      return text();
    }
    if (type == int.class || type == Integer.class) {
      return name.equals("priority") ? random.nextInt(11) : random.nextInt();
    }
    if (type == long.class || type == Long.class) {
      return random.nextLong();
    }
    if (type == boolean.class) {
      return random.nextBoolean();
    }
    if (type == Instant.class) {
      return Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
    }
    if (type == Duration.class) {
      return Duration.ofNanos(random.nextLong(Long.MAX_VALUE));
    }
    if (type == JsonNode.class) {
      return RecordJson.mapper().valueToTree(json(4));
    }
    throw new AssertionError("cannot create a value of " + type);
  }

  private String id() {
    return "id-" + random.nextInt(1_000_000);
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  /** Returns a name without unpaired surrogates, which the stored form does not keep. */
  private String name() {
    String name = text();
    return name.contains("\uD800") || name.contains("\uDC00x") ? "plain" : name;
  }

  /** Returns any JSON value, in the types that Jackson reads. */
  private @Nullable Object json(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 8)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt();
      case 3 -> random.nextLong() | Long.MIN_VALUE;
      case 4 -> BigInteger.ONE.shiftLeft(64 + random.nextInt(1_000));
      case 5 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(40) + 1);
      case 6, 7 -> text();
      case 8 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(json(depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(name(), json(depth - 1));
        }
        yield map;
      }
    };
  }
}
