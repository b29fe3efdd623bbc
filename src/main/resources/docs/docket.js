window.ui = SwaggerUIBundle({
  url: "../openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  showCommonExtensions: true,
  syntaxHighlight: { activated: true },
  tryItOutEnabled: false,
  validatorUrl: "none",
});
