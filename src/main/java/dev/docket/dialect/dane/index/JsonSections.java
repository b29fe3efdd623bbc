package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.docket.http.InvalidRequest;
import dev.docket.http.JsonPointers;
import dev.docket.result.InvalidPayload;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds values in a JSON object without reading them into memory. Checks that the text is valid
 * JSON in UTF-8.
 */
final class JsonSections {

  /** The maximum nesting depth of a value below the two levels that are searched. */
  private static final int MAX_DEPTH = 1_000;

  /** The maximum number of members of an object that is searched. */
  private static final int MAX_MEMBERS = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // A table of all names would take several times the memory of the body.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH + 2).build())
          .build();

  private final JsonParser json;
  private final Set<String> entered;
  private final Set<String> wanted;
  private final Set<String> objects = new HashSet<>();
  private final List<CharSection> found = new ArrayList<>();
  private Map<String, Section> sections = Map.of();

  /**
   * A value in the text.
   *
   * @param from the position of its first byte
   * @param to the position after its last byte
   * @param depth the nesting depth; 0 for a value that is neither object nor array
   */
  record Section(long from, long to, int depth) {
    long bytes() {
      return to - from;
    }
  }

  /**
   * A value in the text, in characters (of UTF-16).
   *
   * @param next the position of the next token
   * @param last whether it is the last member of its object, so that no comma follows
   */
  private record CharSection(String pointer, long from, long next, boolean last, int depth) {}

  private JsonSections(JsonParser json, Set<String> entered, Set<String> wanted) {
    this.json = json;
    this.entered = entered;
    this.wanted = wanted;
  }

  /**
   * Finds values by their JSON pointers.
   *
   * @param entered the pointers of objects in the outermost object that contain wanted values
   * @param wanted the pointers of the values, none of which contains another
   * @throws InvalidRequest if the text is invalid
   */
  static JsonSections find(SpooledBody text, Set<String> entered, Set<String> wanted) {
    InputStream bytes = text.open(0, text.size());
    // Decodes strictly, unlike the parser.
    try (Reader characters = new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
        JsonParser json = JSON.createParser(characters)) {
      JsonSections sections = new JsonSections(json, entered, wanted);
      sections.readText();
      sections.sections = inBytes(text, sections.found);
      return sections;
    } catch (JsonProcessingException e) {
      throw InvalidRequest.field("", "must be a JSON object: " + InvalidPayload.reason(e));
    } catch (CharacterCodingException e) {
      throw InvalidRequest.field("", "must be valid UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The wanted values that exist, by their pointers. */
  Map<String, Section> sections() {
    return sections;
  }

  /** Whether the text contains an object that could contain wanted values. */
  boolean hasObject(String pointer) {
    return objects.contains(pointer);
  }

  private void readText() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw InvalidRequest.field("", "must be a JSON object");
    }
    readObject("");
    if (json.nextToken() != null) {
      throw InvalidRequest.field("", "must be a single JSON object");
    }
  }

  private void readObject(String object) throws IOException {
    Set<String> names = new HashSet<>();
    JsonToken token = json.nextToken();
    while (token == JsonToken.FIELD_NAME) {
      String pointer = object + "/" + JsonPointers.part(json.currentName());
      if (!names.add(pointer)) {
        throw InvalidRequest.field(pointer, "must not be there twice");
      }
      if (names.size() > MAX_MEMBERS) {
        throw InvalidRequest.field(object, "must have at most " + MAX_MEMBERS + " members");
      }
      token = json.nextToken();
      long from = position();
      int depth = 0;
      if (token == JsonToken.START_OBJECT && entered.contains(pointer)) {
        objects.add(pointer);
        readObject(pointer);
      } else {
        depth = skipValue(token);
      }
      token = json.nextToken();
      if (wanted.contains(pointer)) {
        boolean last = token != JsonToken.FIELD_NAME;
        found.add(new CharSection(pointer, from, position(), last, depth));
      }
    }
  }

  private long position() {
    return json.currentTokenLocation().getCharOffset();
  }

  /** Moves to the last token of a value and returns its nesting depth. */
  private int skipValue(JsonToken first) throws IOException {
    int depth = 0;
    int maxDepth = 0;
    JsonToken token = first;
    while (true) {
      if (token.isStructStart()) {
        maxDepth = Math.max(maxDepth, ++depth);
      } else if (token.isStructEnd()) {
        depth--;
      }
      if (depth == 0) {
        return maxDepth;
      }
      token = json.nextToken();
    }
  }

  /**
   * Converts positions in characters to positions in bytes.
   *
   * @param sections in the order of the text
   */
  private static Map<String, Section> inBytes(SpooledBody text, List<CharSection> sections)
      throws IOException {
    Map<String, Section> all = new LinkedHashMap<>();
    Utf8Position position = new Utf8Position(text);
    for (CharSection section : sections) {
      position.moveTo(section.from());
      long from = position.bytes();
      position.moveTo(section.next());
      all.put(
          section.pointer(),
          new Section(from, position.endOfValue(!section.last()), section.depth()));
    }
    return all;
  }
}
