package io.ramtide.schemas;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/**
 * The kinds of findings, by the names that users see. Each is a record type of its own, so that a
 * later version can add one: readers tell them apart by the schema's fingerprint.
 */
public enum FindingKind {
  system(SystemFinding.class),
  process(ProcessFinding.class),
  thread(ThreadFinding.class),
  module(ModuleFinding.class),
  environment(EnvironmentFinding.class),
  vad(VadFinding.class),
  handle(HandleFinding.class),
  token(TokenFinding.class),
  file(FileFinding.class),
  mutex(MutexFinding.class),
  symbolicLink(SymbolicLinkFinding.class),
  kernelModule(KernelModuleFinding.class),
  driver(DriverFinding.class),
  ssdt(SsdtFinding.class),
  callback(CallbackFinding.class),
  hive(HiveFinding.class),
  registryKey(RegistryKeyFinding.class),
  registryKeyGone(RegistryKeyGone.class),
  endpoint(EndpointFinding.class),
  summary(Summary.class);

  private static final Map<Class<?>, FindingKind> BY_TYPE =
      Arrays.stream(values()).collect(Collectors.toMap(FindingKind::type, Function.identity()));

  private final Class<? extends SpecificRecord> type;

  FindingKind(Class<? extends SpecificRecord> type) {
    this.type = type;
  }

  public Class<? extends SpecificRecord> type() {
    return type;
  }

  /**
   * The kind of a record.
   *
   * @throws IllegalArgumentException if it is no finding
   */
  public static FindingKind of(SpecificRecord finding) {
    FindingKind kind = BY_TYPE.get(finding.getClass());
    if (kind == null) {
      throw new IllegalArgumentException("no finding: " + finding.getClass().getSimpleName());
    }
    return kind;
  }
}
