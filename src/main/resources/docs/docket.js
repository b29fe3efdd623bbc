// Swagger UI treats an NDJSON example, which is a text, as one JSON string and puts it in quotes. This plugin shows it as is.
const NdjsonExamples = () => ({
  afterLoad() {
    const sample = this.fn.getSampleSchema;
    Object.assign(this.fn, {
      getSampleSchema: (schema, type, config, example) =>
        /ndjson/.test(type) && typeof example === "string" ? example : sample(schema, type, config, example),
    });
  },
});

window.ui = SwaggerUIBundle({
  url: "../openapi.json",
  dom_id: "#docs",
  plugins: [NdjsonExamples],
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  validatorUrl: "none",
});
