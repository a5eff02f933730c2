FROM python:3.11-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".[api,evidence]"

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 screener
COPY --from=build /wheels /wheels
# The version is that of the only wheel there.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir --no-index --find-links /wheels "marketplace-screener[api,evidence]" && rm -r /wheels
USER 10001
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8765/readyz', timeout=4)"]
ENTRYPOINT ["screener", "serve", "--host", "0.0.0.0", "--keys", "/keys/keys.json"]
CMD ["--rate", "6000"]
