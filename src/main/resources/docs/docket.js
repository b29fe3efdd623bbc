// Swagger UI would take lines of JSON, being text, for one JSON value, and put them in quotes.
const LinesAsTheyAre = () => ({
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
  plugins: [LinesAsTheyAre],
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  validatorUrl: "none",
});
