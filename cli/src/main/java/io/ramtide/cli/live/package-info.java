/** Running guests through the whole pipeline in this JVM. */
package io.ramtide.cli.live;
