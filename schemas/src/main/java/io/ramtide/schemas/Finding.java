package io.ramtide.schemas;

import org.apache.avro.specific.SpecificRecord;

/**
 * Something recognised in one capture, as it is on ramtide.findings. A capture's findings end with
 * its {@link Summary}.
 *
 * @param domain UUID of the virtual machine, lower case
 * @param body the record of its kind; it carries domain and capture too
 */
public record Finding(String domain, long capture, SpecificRecord body) {

  public FindingKind kind() {
    return FindingKind.of(body);
  }
}
