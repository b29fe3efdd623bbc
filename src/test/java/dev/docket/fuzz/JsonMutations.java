package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Changes a value of a JSON body, or the body. */
final class JsonMutations {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonMutations() {}

  /** Where a value is: the member of an object or the element of an array. */
  private record Place(JsonNode parent, String name, int index) {
    JsonNode value() {
      return parent.isObject() ? parent.path(name) : parent.path(index);
    }

    void set(JsonNode value) {
      if (parent instanceof ObjectNode object) {
        object.set(name, value);
      } else {
        ((ArrayNode) parent).set(index, value);
      }
    }

    void remove() {
      if (parent instanceof ObjectNode object) {
        object.remove(name);
      } else {
        ((ArrayNode) parent).remove(index);
      }
    }

    @Override
    public String toString() {
      return parent.isObject() ? name : "[" + index + "]";
    }
  }

  static String change(RequestDraft draft, Random random) {
    if (draft.json.isMissingNode() || !draft.text.isEmpty()) {
      return "";
    }
    List<Place> places = new ArrayList<>();
    collect(draft.json, places);
    if (places.isEmpty() || random.nextInt(25) == 0) {
      draft.json = OddValues.json(random);
      return "other body";
    }
    Place place = places.get(random.nextInt(places.size()));
    return change(place, places, random) + " " + place;
  }

  private static void collect(JsonNode json, List<Place> places) {
    if (json.isObject()) {
      json.fieldNames()
          .forEachRemaining(
              name -> {
                places.add(new Place(json, name, 0));
                collect(json.path(name), places);
              });
    } else if (json.isArray()) {
      for (int i = 0; i < Math.min(json.size(), 20); i++) {
        places.add(new Place(json, "", i));
        collect(json.path(i), places);
      }
    }
  }

  private static String change(Place place, List<Place> places, Random random) {
    switch (random.nextInt(12)) {
      case 0, 1 -> {
        place.remove();
        return "remove";
      }
      case 2 -> {
        return rename(place, random);
      }
      case 3 -> {
        place.set(NODES.nullNode());
        return "null";
      }
      case 4 -> {
        place.set(NODES.arrayNode().add(place.value()));
        return "wrap in array";
      }
      case 5 -> {
        place.set(NODES.objectNode().set("value", place.value()));
        return "wrap in object";
      }
      case 6 -> {
        place.set(places.get(random.nextInt(places.size())).value().deepCopy());
        return "value of another";
      }
      case 7 -> {
        return sameType(place, random);
      }
      case 8 -> {
        return addMember(place, random);
      }
      case 9 -> {
        place.set(NODES.textNode(place.value().asText() + OddValues.text(random)));
        return "append odd text";
      }
      default -> {
        place.set(OddValues.json(random));
        return "odd value";
      }
    }
  }

  /** An odd value of the same type gets further than one of another type. */
  private static String sameType(Place place, Random random) {
    JsonNode value = place.value();
    if (value.isNumber()) {
      place.set(OddValues.raw(OddValues.number(random)));
    } else if (value.isBoolean()) {
      place.set(NODES.booleanNode(!value.asBoolean()));
    } else if (value.isArray()) {
      place.set(random.nextBoolean() ? NODES.arrayNode() : repeated(value));
    } else if (value.isObject()) {
      place.set(NODES.objectNode());
    } else {
      place.set(NODES.textNode(OddValues.text(random)));
    }
    return "other of its type";
  }

  private static ArrayNode repeated(JsonNode array) {
    ArrayNode twice = NODES.arrayNode();
    array.forEach(twice::add);
    array.forEach(twice::add);
    return twice;
  }

  private static String rename(Place place, Random random) {
    if (!(place.parent() instanceof ObjectNode object)) {
      return "keep";
    }
    JsonNode value = object.remove(place.name());
    String name =
        switch (random.nextInt(4)) {
          case 0 -> place.name().toUpperCase(Locale.ROOT);
          case 1 -> place.name() + "_";
          case 2 -> "_id";
          default -> OddValues.shortText(random);
        };
    object.set(name, value);
    return "rename";
  }

  private static String addMember(Place place, Random random) {
    if (place.value() instanceof ObjectNode object) {
      object.set(OddValues.shortText(random), OddValues.json(random));
      return "add member to";
    }
    if (place.value() instanceof ArrayNode array) {
      array.add(OddValues.json(random));
      return "add element to";
    }
    place.set(OddValues.raw(place.value() + ",\"again\":1,\"again\":2"));
    return "duplicate names after";
  }
}
