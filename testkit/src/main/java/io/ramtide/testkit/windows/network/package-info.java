/** The network of a guest: tcpip.sys, its endpoints, and the tables it has them in. */
package io.ramtide.testkit.windows.network;
