const place = document.getElementById("swagger-ui");
const { schema, redirect } = place.dataset;
const page = SwaggerUIBundle({
  url: schema,
  domNode: place,
  deepLinking: true,
  oauth2RedirectUrl: new URL(redirect, location.href).href,
});
page.initOAuth({ scopes: "read write", usePkceWithAuthorizationCodeGrant: true });
