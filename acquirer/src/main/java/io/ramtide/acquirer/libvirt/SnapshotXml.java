package io.ramtide.acquirer.libvirt;

/** What virDomainSnapshotCreateXML takes. */
final class SnapshotXml {
  private SnapshotXml() {}

  /** Memory alone, to a file: every disk must be named, or it would be snapshotted too. */
  static String memoryOnly(String domainXml, String file) {
    StringBuilder xml =
        new StringBuilder("<domainsnapshot><memory snapshot='external' file='")
            .append(Xml.escaped(file))
            .append("'/><disks>");
    for (String disk : Xml.texts(domainXml, "/domain/devices/disk/target/@dev")) {
      xml.append("<disk name='").append(Xml.escaped(disk)).append("' snapshot='no'/>");
    }
    return xml.append("</disks></domainsnapshot>").toString();
  }
}
