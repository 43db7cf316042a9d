package io.ramtide.scanner.windows.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.StructType.Field;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.scan.PoolTag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * How one build has one kind of endpoint. From endpoints.json.
 *
 * @param pool kinds of {@link PoolTag} that hold it
 * @param fields of numbers: State, LocalPort, RemotePort, Owner, CreateTime, as far as it has them
 * @param family to the address family
 * @param local to the local address
 * @param remote to the remote address; null if it has none
 * @param links offsets of entries of hash tables in it
 * @param next offset of the link of a port's chain; -1 if it has none
 */
record EndpointType(
    Kind kind,
    List<String> pool,
    StructType fields,
    PointerPath family,
    PointerPath local,
    PointerPath remote,
    List<Integer> links,
    int next) {
  private static final FactFile FACTS = FactFile.read(EndpointType.class, "endpoints.json");
  static final String STATE = "State";
  static final String LOCAL_PORT = "LocalPort";
  static final String REMOTE_PORT = "RemotePort";
  static final String OWNER = "Owner";
  static final String CREATE_TIME = "CreateTime";

  /** Kinds of structures, as endpoints.json names them. */
  enum Kind {
    connection,
    timeWait,
    listener,
    udp
  }

  /**
   * What may serve a build.
   *
   * @param ownerFrom lowest offset that Owner may have; of a fixed one -1
   */
  record Candidate(EndpointType type, int ownerFrom, int ownerTo, int timeAfterOwner) {
    boolean isFixed() {
      return ownerFrom < 0;
    }

    /** With Owner at an offset. */
    EndpointType withOwner(int offset) {
      Map<String, Field> fields = new HashMap<>(type.fields().fields());
      fields.put(OWNER, new Field(offset, 0, 0));
      fields.put(CREATE_TIME, new Field(offset + timeAfterOwner, 0, 0));
      return type.with(fields);
    }
  }

  /** Those of a kind that may be a build's, in the order in which they are tried. */
  static List<Candidate> candidates(Kind kind, int build) {
    return FACTS.facts("endpoints", build).stream()
        .filter(json -> json.path("kind").asText().equals(kind.name()))
        .map(EndpointType::candidate)
        .toList();
  }

  /** IP version of an address family; 0 if it is none of these. */
  static int ipVersion(int family) {
    return FACTS.json().path("families").path(Integer.toString(family)).asInt();
  }

  /** Name of a TCP state; null if there is no such state. */
  static String state(long number) {
    return number < 0 || number > Byte.MAX_VALUE
        ? null
        : FACTS.json().path("states").path((int) number).textValue();
  }

  private static Candidate candidate(JsonNode json) {
    Map<String, Field> fields = new HashMap<>();
    add(fields, STATE, json.path("state"));
    add(fields, LOCAL_PORT, json.path("localPort"));
    add(fields, REMOTE_PORT, json.path("remotePort"));
    add(fields, OWNER, json.path("owner"));
    add(fields, CREATE_TIME, json.path("createTime"));
    List<Integer> links = new ArrayList<>();
    json.path("links").forEach(link -> links.add((int) FactFile.number(link)));
    EndpointType type =
        new EndpointType(
            Kind.valueOf(json.path("kind").asText()),
            StreamSupport.stream(json.path("pool").spliterator(), false)
                .map(JsonNode::asText)
                .toList(),
            new StructType("", 0, Map.of()),
            PointerPath.of(json.path("family")),
            PointerPath.of(json.path("local")),
            json.has("remote") ? PointerPath.of(json.path("remote")) : null,
            List.copyOf(links),
            json.has("next") ? (int) FactFile.number(json.path("next")) : -1);
    return new Candidate(
        type.with(fields),
        json.has("ownerFrom") ? (int) FactFile.number(json.path("ownerFrom")) : -1,
        json.has("ownerTo") ? (int) FactFile.number(json.path("ownerTo")) : -1,
        json.has("createTimeAfterOwner")
            ? (int) FactFile.number(json.path("createTimeAfterOwner"))
            : 0);
  }

  private static void add(Map<String, Field> fields, String name, JsonNode offset) {
    if (!offset.isMissingNode()) {
      fields.put(name, new Field((int) FactFile.number(offset), 0, 0));
    }
  }

  /** The same with other fields, as large as these need it to be. */
  private EndpointType with(Map<String, Field> numbers) {
    int end = Math.max(family.end(2), local.end(16));
    end = remote == null ? end : Math.max(end, remote.end(16));
    for (Map.Entry<String, Field> field : numbers.entrySet()) {
      end = Math.max(end, field.getValue().offset() + width(field.getKey()));
    }
    return new EndpointType(
        kind, pool, new StructType(kind.name(), end, numbers), family, local, remote, links, next);
  }

  private static int width(String field) {
    return switch (field) {
      case LOCAL_PORT, REMOTE_PORT -> Short.BYTES;
      case STATE -> Integer.BYTES;
      default -> Long.BYTES;
    };
  }

  /** Bytes of it that are read. */
  int size() {
    return fields.size();
  }
}
