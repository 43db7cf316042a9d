/** Network endpoints: the structures of tcpip.sys, in the pool and in its own tables. */
package io.ramtide.scanner.windows.network;
