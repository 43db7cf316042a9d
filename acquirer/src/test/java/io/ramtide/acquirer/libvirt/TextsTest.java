package io.ramtide.acquirer.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.libvirt.connection.Shown;
import io.ramtide.acquirer.libvirt.connection.Uris;
import org.junit.jupiter.api.Test;

/** What is read from libvirt's texts, and what is made of them. */
class TextsTest {

  @Test
  void uriWithoutAHost_isLocal() {
    assertThat(Uris.isLocal("qemu:///system")).isTrue();
    assertThat(Uris.isLocal("qemu+unix:///system?socket=/run/x/libvirt-sock")).isTrue();
    assertThat(Uris.isLocal("test:///default")).isTrue();
    assertThat(Uris.isLocal("qemu+ssh://root@far/system")).isFalse();
    assertThat(Uris.isLocal("qemu://far/system")).isFalse();
    assertThat(Uris.isLocal("not a uri")).isFalse();
  }

  @Test
  void snapshotOfMemory_leavesOutEveryDisk() {
    String domain =
        "<domain><devices><disk><target dev='vda'/></disk><disk><target dev='a&apos;b&lt;'/></disk>"
            + "<interface><target dev='vnet0'/></interface></devices></domain>";
    assertThat(SnapshotXml.memoryOnly(domain, "/x/it's <&>"))
        .isEqualTo(
            "<domainsnapshot><memory snapshot='external' file='/x/it&apos;s &lt;&amp;>'/><disks>"
                + "<disk name='vda' snapshot='no'/><disk name='a&apos;b&lt;' snapshot='no'/>"
                + "</disks></domainsnapshot>");
  }

  @Test
  void xmlWithADoctype_isNotRead() {
    String xml = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>";
    assertThat(Xml.text(xml, "/a")).isEmpty();
    assertThat(Xml.text("<a> b </a>", "/a")).contains("b");
    assertThat(Xml.text("no xml", "/a")).isEmpty();
  }

  @Test
  void shownText_isOneBoundedLine() {
    assertThat(Shown.line("a\nb\u001b[31mc\u202ed")).isEqualTo("a?b?[31mc?d");
    assertThat(Shown.line("é".repeat(600))).isEqualTo("é".repeat(500) + "...");
  }
}
