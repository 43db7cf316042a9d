FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -Dmaven.test.skip=true -pl cli -am package

FROM eclipse-temurin:17-jre
# The layout of the source folder, so that the launcher is the same; /data holds keys, caches and state.
COPY --from=build /src/ramtide /opt/ramtide/ramtide
COPY --from=build /src/cli/target/lib /opt/ramtide/cli/target/lib
COPY --from=build /src/cli/target/ramtide-cli-*.jar /opt/ramtide/cli/target/
RUN ln -s /opt/ramtide/ramtide /usr/local/bin/ramtide \
 && ramtide --version \
 && useradd --system --uid 10001 --home-dir /data --create-home ramtide
USER ramtide
VOLUME /data
ENV XDG_DATA_HOME=/data
ENTRYPOINT ["ramtide"]
CMD ["--help"]
