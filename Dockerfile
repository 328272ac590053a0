# The build.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml .
COPY modules modules
RUN mvn -B -ntp -DskipTests -Dspotless.check.skip=true -pl modules/app -am package

# The program: a Java runtime, the jar, a user of its own.
FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin posthorn \
    && mkdir /data && chown posthorn:posthorn /data && chmod 700 /data
COPY --from=build /src/modules/app/target/posthorn.jar /opt/posthorn/posthorn.jar
USER posthorn
WORKDIR /data
ENV WEBHOOK_DATA_DIR=/data \
    WEBHOOK_HTTP_HOST=0.0.0.0 \
    WEBHOOK_MANAGEMENT_HOST=127.0.0.1
VOLUME /data
EXPOSE 8071
# The management port stays inside the container; bind it to 0.0.0.0 where a scraper needs it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${WEBHOOK_MANAGEMENT_PORT:-8072} && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/posthorn/posthorn.jar"]
CMD ["serve"]
